"""Lines come out of a stream whole, however the network cuts it."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cutting import LONGEST, Lines, LineTooLong

records = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=8)
cuts = st.lists(st.integers(0, 400), max_size=12)


def cut(stream: bytes, at: list[int]) -> list[bytes]:
    """The stream in pieces, cut at these places."""
    edges = [0, *sorted(min(one, len(stream)) for one in at), len(stream)]
    return [stream[a:b] for a, b in pairwise(edges)]


def fed(parts: list[bytes]) -> list[bytes]:
    """All lines of a stream that arrives in these parts."""
    lines = Lines()
    return [line for part in parts for line in lines.feed(part)] + lines.finish()


@given(records, cuts)
def test_lines_do_not_depend_on_where_the_stream_is_cut(texts: list[str], at: list[int]) -> None:
    """A line, a character and a line's end may each be cut in two."""
    stream = "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts).encode()
    assert texts == [json.loads(line) for line in fed(cut(stream, at))]


@given(st.lists(st.binary(max_size=10), max_size=6), cuts)
def test_only_a_newline_byte_ends_a_line(parts: list[bytes], at: list[int]) -> None:
    """What comes out is what stood between newlines, without a carriage return at its end."""
    stream = b"\n".join(parts)
    expected = [one.removesuffix(b"\r") for one in stream.split(b"\n")]
    if not expected[-1]:
        expected.pop()
    assert expected == fed(cut(stream, at))


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_other_line_separators_stay_inside_a_line(mark: str) -> None:
    """Models write them, and JSON leaves most of them as they are."""
    assert [f"a{mark}b".encode()] == fed([f"a{mark}b\n".encode()])


def test_a_line_that_never_ends_is_refused_before_it_fills_the_memory() -> None:
    """A broken or hostile server cannot make the bot keep more than a megabyte."""
    lines = Lines()
    lines.feed(b"x" * LONGEST)
    with pytest.raises(LineTooLong):
        lines.feed(b"x")
