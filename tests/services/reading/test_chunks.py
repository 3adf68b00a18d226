"""Chunks: a document is cut at its own borders; all of it, in order, and nothing too long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.documents import Page, PageWord
from services.reading.chunks import LEAST, Chunk, Piece, chunks
from services.reading.citations import Citations
from services.tokens import estimate

WORDS = st.sampled_from(
    ["bees", "мёд", "Ünïcode", "x" * 400, ". ", "! ", "\n", "\n\n", "# Head\n", "\n2.1 ", " ", "蜂"]
)
TEXTS = st.lists(WORDS | st.text(max_size=30), max_size=60).map("".join)
PAGES = st.lists(TEXTS, max_size=12).map(
    lambda texts: [Page(number, text) for number, text in enumerate(texts, start=1)]
)
LINE = "Bees dance to say where the flowers are."


def texts(cut: list[Chunk]) -> list[str]:
    """What each chunk says."""
    return ["".join(piece.text for piece in one.pieces) for one in cut]


def page(*lines: str, number: int = 1) -> Page:
    """A page of lines."""
    return Page(number, "".join(lines))


@given(PAGES, st.integers(LEAST, 400))
def test_chunks_are_all_of_the_text_in_order(pages: list[Page], budget: int) -> None:
    """Page by page, put together again they are what was cut."""
    found: dict[int, str] = {}
    for piece in (piece for one in chunks(pages, budget) for piece in one.pieces):
        assert piece.text
        assert not found or piece.page >= max(found)
        found[piece.page] = found.get(piece.page, "") + piece.text
    assert {one.number: one.text for one in pages if one.text} == found


@given(PAGES, st.integers(LEAST, 400), st.sampled_from(PageWord))
def test_no_chunk_is_over_its_budget(pages: list[Page], budget: int, word: PageWord) -> None:
    """Not even with the marks of its pages; and each names the pages that it is from."""
    cut = chunks(pages, budget)
    assert list(range(1, len(cut) + 1)) == [one.number for one in cut]
    for one in cut:
        assert estimate(Citations(word, "en").marked(one.pieces)) <= budget
        assert (one.pieces[0].page, one.pieces[-1].page) == (one.first, one.last)


def test_what_fits_is_one_chunk() -> None:
    """Pages stay whole and apart."""
    [one] = chunks([page("One.", number=3), page("Two.", number=5)], 100)
    assert (Piece(3, "One."), Piece(5, "Two.")) == one.pieces
    assert (3, 5) == (one.first, one.last)


def test_nothing_is_cut_into_nothing() -> None:
    """Neither is a page without text."""
    assert [] == chunks([], 100)
    assert [] == chunks([page(""), page("", number=2)], 100)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{LINE} " * 5 + "\n", "# The hive\n" + f"{LINE} " * 4),
        (f"{LINE} " * 5 + "\n", "Глава 2. Улей\n" + f"{LINE}\n\n" * 4),
        (f"{LINE} " * 5 + "\n", "3.1 Honey\n" + f"{LINE} " * 4),
        (f"{LINE} " * 5 + "\n\n", f"{LINE} " * 5),
        (f"{LINE} " * 6, "And they " + "fly and " * 30),
        ("one\n" * 60, "and " * 60),
    ],
)
def test_a_chunk_ends_at_the_best_border(before: str, after: str) -> None:
    """Before a heading if there is one, else after a paragraph, a sentence, a line."""
    budget = int(len((before + after[: len(after) // 4]).encode()) / 3) + 6 + 11
    assert before == texts(chunks([page(before, after)], max(budget, LEAST)))[0]


def test_a_page_that_begins_with_a_heading_begins_a_chunk() -> None:
    """Rather than the last paragraph that would fit."""
    pages = [page(f"{LINE}\n\n" * 5), page("Chapter 2\n", f"{LINE}\n\n" * 5, number=2)]
    first, *_ = texts(chunks(pages, int(len(pages[0].text) / 3) + 60))
    assert pages[0].text == first


def test_a_word_without_end_is_cut_where_it_must_be() -> None:
    """No character of it is torn."""
    cut = texts(chunks([page("ї" * 1000)], LEAST))
    assert "ї" * 1000 == "".join(cut)
    assert len(cut) > 10


def test_a_budget_that_holds_nothing_is_refused() -> None:
    """It would never end."""
    with pytest.raises(ValueError, match="64 tokens"):
        chunks([page("text")], LEAST - 1)
