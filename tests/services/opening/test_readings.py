"""A document is told in batches: put together again, they are the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.documents import Page
from services.opening.gathering import Gathering
from services.opening.readings import BATCH, BATCH_PAGES, BATCH_SECONDS, Place, Sections, batch
from services.opening.sections import LENGTH, cut
from services.opening.troubles import Trouble, Unreadable

lengths = st.lists(st.one_of(st.integers(0, 50), st.integers(BATCH - 5, 3 * BATCH)), max_size=90)


class Clock:
    """Goes on by so many seconds whenever it is looked at."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        """Tell the time."""
        self.now += self.step
        return self.now


def told(texts: Sequence[str], clock: Clock) -> Iterator[dict[str, object]]:
    """The batches of a document, as a child gives them."""
    place = Place()
    while place.page:
        said = batch(Sections("", texts), place, clock)
        place = Place(int(str(said["page"])), int(str(said["offset"])))
        yield said


def gathered(texts: Sequence[str], clock: Clock, most: int = 1 << 30) -> list[Page]:
    """The pages, as the parent puts them together."""
    gathering = Gathering(most)
    pages: list[Page] = []
    for said in told(texts, clock):
        pieces, following = said["pieces"], said["page"]
        assert isinstance(pieces, list)
        pages += gathering.add(pieces, int(str(following)))
    return pages


@given(lengths, st.sampled_from([0.0, BATCH_SECONDS / 3, BATCH_SECONDS * 2]))
def test_the_batches_are_the_document(sizes: list[int], step: float) -> None:
    """Every page once, in order, however long it is and however slow they come."""
    texts = [str(number % 10) * size for number, size in enumerate(sizes)]
    expected = [Page(number, text) for number, text in enumerate(texts, 1)]
    assert expected == gathered(texts, Clock(step))


@given(lengths)
def test_no_batch_is_too_large(sizes: list[int]) -> None:
    """Neither in characters nor in pages."""
    for said in told(["x" * size for size in sizes], Clock()):
        pieces = said["pieces"]
        assert isinstance(pieces, list)
        assert sum(len(piece) for _, piece in pieces) <= BATCH
        assert len(pieces) <= BATCH_PAGES


def test_a_slow_page_is_a_batch_of_its_own() -> None:
    """So the deadline is one of pages."""
    assert 5 == len(list(told(["x"] * 4, Clock(BATCH_SECONDS * 2))))


def test_too_many_characters_are_told_when_they_come() -> None:
    """However they are spread over the pages."""
    with pytest.raises(Unreadable) as caught:
        gathered(["x" * 10] * 3, Clock(), 29)
    assert Trouble.CHARACTERS is caught.value.trouble
    assert 3 == len(gathered(["x" * 10] * 3, Clock(), 30))


@given(st.lists(st.text(st.sampled_from("ab #\n"), max_size=40) | st.just("word " * 900)))
def test_sections_are_the_text(lines: list[str]) -> None:
    """Nothing but white space is lost at their borders, and none is long."""
    sections = list(cut(lines))
    assert "".join("".join(lines).split()) == "".join("".join(sections).split())
    assert all(section and len(section) <= LENGTH + 1 for section in sections)
