"""Passages are found by what they mean, whatever their words."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Sequence

import pytest

from domain.documents import InChat, InDocument, Page, Passage
from storage import vectors
from storage.database import Database
from storage.documents import Documents, NewVectors
from storage.fusion import fused
from tests.storage.library import places, stored

MODEL = "embedder"


@pytest.fixture
def documents(database: Database) -> Documents:
    """The documents of the database."""
    return Documents(database)


def vector(*numbers: float) -> bytes:
    """A vector as an embedding model gives it."""
    return array("f", numbers).tobytes()


async def learn(documents: Documents, document: int, every: Sequence[bytes]) -> list[int]:
    """Give the passages of a document these vectors, in order; their ids."""
    found = await documents.without_vectors(document, MODEL, len(every))
    new = NewVectors(document, MODEL, {one.id: of for one, of in zip(found, every, strict=True)})
    assert len(every) == await documents.put_vectors(new)
    return [one.id for one in found]


async def test_the_nearest_in_meaning_come_first(documents: Documents) -> None:
    """By direction, whatever the length of the vectors."""
    document = await stored(documents, "rent", "roof", "parrot")
    await learn(documents, document, [vector(9, 1, 0), vector(0, 1, 0), vector(-1, 0, 0.1)])
    found = await documents.nearest(InDocument(document), MODEL, vector(0.1, 1, 0))
    assert [2, 1, 3] == [one.page for one in found]
    assert "roof" == found[0].text
    assert pytest.approx(1 / math.sqrt(1.01), abs=1e-6) == found[0].score
    assert [2] == [
        one.page for one in await documents.nearest(InChat(1), MODEL, vector(0, 1, 0), limit=1)
    ]


async def test_meaning_stays_in_its_document_or_chat_or_model(documents: Documents) -> None:
    """Nobody finds what was sent elsewhere, and no model is asked about another's vectors."""
    mine = await stored(documents, "rent", chat=1)
    other = await stored(documents, "rent", chat=2)
    for document in (mine, other):
        await learn(documents, document, [vector(1, 1)])
    assert [(mine, 1)] == places(await documents.nearest(InChat(1), MODEL, vector(1, 1)))
    assert [(other, 1)] == places(await documents.nearest(InDocument(other), MODEL, vector(1, 1)))
    assert [] == await documents.nearest(InChat(1), "another", vector(1, 1))
    assert [] == await documents.nearest(InChat(1), MODEL, vector(1, 1, 1))
    assert [] == await documents.nearest(InChat(1), MODEL, vector(*[1] * 64))


async def test_what_has_no_vector_yet_is_told(documents: Documents) -> None:
    """After a restart the rest is done; a page that is read again needs new ones."""
    document = await stored(documents, "rent", "roof", "parrot")
    first = await documents.without_vectors(document, MODEL, 2)
    assert ["rent", "roof"] == [one.text for one in first]
    await learn(documents, document, [vector(1, 0), vector(0, 1)])
    assert ["parrot"] == [one.text for one in await documents.without_vectors(document, MODEL)]
    assert 3 == len(await documents.without_vectors(document, "another"))
    await documents.put_pages(document, [Page(1, "rent, in full")])
    left = await documents.without_vectors(document, MODEL)
    assert {"parrot", "rent, in full"} == {one.text for one in left}


async def test_vectors_of_what_is_gone_are_not_kept(documents: Documents) -> None:
    """Nor of another document's passages, and a second one takes the place of the first."""
    document = await stored(documents, "rent", "roof")
    other = await stored(documents, "parrot")
    [first, second] = await learn(documents, document, [vector(1, 0), vector(0, 1)])
    assert 0 == await documents.put_vectors(NewVectors(other, MODEL, {first: vector(1, 1)}))
    assert 1 == await documents.put_vectors(NewVectors(document, "new", {first: vector(1, 1)}))
    found = await documents.nearest(InChat(1), MODEL, vector(1, 0))
    assert [second] == [one.id for one in found]
    await documents.remove(document)
    assert [] == await documents.nearest(InChat(1), MODEL, vector(1, 0))
    assert 0 == await documents.put_vectors(NewVectors(document, MODEL, {first: vector(1, 1)}))


@pytest.mark.parametrize(
    "broken",
    [b"", b"abc", vector(0, 0), vector(math.nan, 1), vector(math.inf, 1), vector(*[1] * 8193)],
)
async def test_bytes_that_are_no_vector_are_told(documents: Documents, broken: bytes) -> None:
    """A server that answers nonsense leaves nothing behind."""
    document = await stored(documents, "rent")
    [found] = await documents.without_vectors(document, MODEL)
    with pytest.raises(ValueError, match="vector"):
        await documents.put_vectors(NewVectors(document, MODEL, {found.id: broken}))
    with pytest.raises(ValueError, match="vector"):
        await documents.nearest(InChat(1), MODEL, broken)
    assert [found] == await documents.without_vectors(document, MODEL)


async def test_words_and_meaning_together(documents: Documents) -> None:
    """What both find comes first, then what one of them finds."""
    document = await stored(documents, "rent is due", "payment is due", "rent", "parrot")
    await learn(documents, document, [vector(8, 1), vector(9, 1), vector(1, 9), vector(-1, 0.1)])
    found = await documents.hybrid(InChat(1), "rent due", MODEL, vector(1, 0), limit=3)
    assert [1, 2, 3] == [one.page for one in found]
    assert 1 >= found[0].score > found[1].score > found[2].score > 0


def test_what_is_first_in_all_orders_has_the_full_score() -> None:
    """And what is in one of two has about half of it."""
    one, two = Passage(1, 1, 1, "one", 0.3), Passage(2, 1, 2, "two", 0.2)
    [first, second] = fused([[one, two], [one]], 5)
    assert (1, 1.0) == (first.id, first.score)
    assert 2 == second.id
    assert pytest.approx(0.49, abs=0.01) == second.score
    assert [] == fused([[one]], 0)
    assert [] == fused([[], []], 5)


def test_sketches_keep_what_is_near() -> None:
    """Of thousands of passages those of the same subject are among the few that are compared."""
    source = random.Random(7)

    def near(to: Sequence[float], far: float) -> list[float]:
        return [number + far * source.gauss(0, 1) for number in to]

    subjects = [near([0.0] * 384, 1) for _ in range(300)]
    every = [near(subjects[number % 300], 0.8) for number in range(3000)]
    known = [",".join(f"{vectors.sketch(one)}:{number}" for number, one in enumerate(every))]
    found = vectors.nearest_sketches(known, near(subjects[5], 0.8))
    assert vectors.COMPARED == len(found)
    assert set(range(5, 3000, 300)) <= set(found[:20])
