"""Long texts in the bodies of questions."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bulk import PIECE, Bulk, Parcel, encoded

plain = st.none() | st.booleans() | st.integers() | st.text()
bulks = st.builds(Bulk, st.text(), st.binary().map(b64encode))
lists = st.lists(plain | bulks, max_size=3)
bodies = st.dictionaries(st.text(), plain | bulks | lists, max_size=4)


def written_out(value: Any) -> Any:
    """The same value with texts in the place of what is bulky."""
    match value:
        case Bulk(head, rest):
            return head + rest.decode()
        case [*items]:
            return [written_out(one) for one in items]
        case dict():
            return {key: written_out(one) for key, one in value.items()}
    return value


async def whole(body: Mapping[str, object]) -> bytes:
    """All that is sent of a body, after what is told of its length."""
    match encoded(body):
        case Parcel() as parcel:
            pieces = [piece async for piece in parcel]
            assert {"content-length": str(sum(map(len, pieces)))} == parcel.headers()
            assert max(map(len, pieces)) <= PIECE
            return b"".join(pieces)
        case text:
            return text


@given(bodies)
async def test_a_body_with_bulk_reads_as_if_it_had_texts(body: dict[str, Any]) -> None:
    """Whatever stands around it, and however often."""
    assert written_out(body) == json.loads(await whole(body))


async def test_a_parcel_may_be_sent_again() -> None:
    """A connection that was closed meanwhile costs nothing but time."""
    parcel = encoded({"a": Bulk("", b"AAAA" * PIECE)})
    assert isinstance(parcel, Parcel)
    first, second = [[piece async for piece in parcel] for _ in range(2)]
    assert first == second
    assert len(first) > 4


def test_a_body_without_bulk_is_as_short_as_can_be() -> None:
    """Nothing is escaped that need not be."""
    assert '{"a":[1,"Привіт"]}'.encode() == encoded({"a": [1, "Привіт"]})


def test_what_json_does_not_know_cannot_be_sent() -> None:
    """A mistake of ours, told by its kind and not by its content."""
    with pytest.raises(TypeError, match="a bytes cannot"):
        encoded({"a": b"secret"})


def test_the_repr_leaves_out_what_is_bulky() -> None:
    """Pictures of people do not get into logs."""
    assert "Bulk(head='data:')" == repr(Bulk("data:", b"AAAA"))
