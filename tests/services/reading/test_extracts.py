"""Where only the demonstration model is up, a document speaks for itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from services.reading.orders import Length
from services.reading.steps import Written
from services.wire import Wire
from tests.services.ground import Ground
from tests.services.reading.study import Study, opened, pages_of, report


@pytest.fixture
async def study(ground: Ground, wire: Wire) -> AsyncIterator[Study]:
    """A study whose model cannot read documents."""
    async with opened(ground, wire, tiny=True) as study:
        yield study


LEASE = pages_of(
    [
        "The lease begins on the first of June. The rent is 800 euros a month.",
        "",
        "Арендатор может держать одну кошку. Срок — два года.",
    ]
)


async def test_a_summary_is_the_beginnings_of_pages(study: Study) -> None:
    """With their numbers, and a word on what they are."""
    document = await study.shelved(LEASE)
    *_, end = await study.steps(study.wanted(document))
    assert isinstance(end, Written)
    first, second, _, note = end.text.splitlines()
    assert "- The lease begins on the first of June. The rent is 800 euros a month. (p. 1)" == first
    assert "- Арендатор может держать одну кошку. Срок — два года. (p. 3)" == second
    assert "demonstration model" in note
    assert [] == study.asked()


async def test_a_question_is_answered_with_the_places_that_may_tell(study: Study) -> None:
    """Found by their words, in whichever language the document is."""
    document = await study.shelved(LEASE)
    told = await study.answer(document, "Можно ли держать кошку?", language="ru")
    assert "кошку" in told.splitlines()[0]
    assert "(с. 3)" in told.splitlines()[0]
    assert "(с. 1)" not in told


async def test_where_no_word_is_found_the_beginning_is_shown(study: Study) -> None:
    """Nothing is made up."""
    document = await study.shelved(LEASE)
    assert "(p. 1)" in await study.answer(document, "xylophone?")


@pytest.mark.parametrize(("length", "most"), [(Length.SHORT, 3), (Length.FULL, 12)])
async def test_a_long_document_shows_only_so_many_pages(
    study: Study, length: Length, most: int
) -> None:
    """They lie evenly in it, and each is short."""
    document = await study.shelved(report(100))
    *_, end = await study.steps(study.wanted(document, length))
    assert isinstance(end, Written)
    shown = [line for line in end.text.splitlines() if line.startswith("- ")]
    assert most == len(shown)
    assert all(len(line) < 300 for line in shown)
    assert "(p. 1)" in shown[0]
