"""Citations: pages are named as people name them, and only those that were read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.documents import PageWord
from services.reading.chunks import Piece
from services.reading.citations import Citations

ENGLISH = Citations(PageWord.PAGE, "en")
READ = range(10, 21)


def test_models_see_marks() -> None:
    """Of one page, or of several; in English, whoever asks."""
    russian = Citations(PageWord.PAGE, "ru")
    assert "[p. 12]" == russian.mark(12)
    assert "[p. 12–17]" == russian.mark(12, 17)
    assert "[slide 3]" == Citations(PageWord.SLIDE, "uk").mark(3, 3)
    assert "[p. 1]\nOne\n[p. 2]\nTwo" == ENGLISH.marked([Piece(1, "One"), Piece(2, "Two")])


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        (PageWord.PAGE, "en", "(p. 12)"),
        (PageWord.PAGE, "ru", "(с. 12)"),
        (PageWord.PAGE, "uk", "(с. 12)"),
        (PageWord.SHEET, "uk", "(аркуш 12)"),
        (PageWord.CHAPTER, "ru", "(глава 12)"),
        (PageWord.PAGE, "de", "(p. 12)"),
    ],
)
def test_people_see_their_own_form(word: PageWord, language: str, expected: str) -> None:
    """An unknown language is English."""
    assert expected == Citations(word, language).form([12])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Bees fly (p. 12).", "Bees fly (p. 12)."),
        ("Bees fly [p. 12].", "Bees fly (p. 12)."),
        ("Bees fly [P.12].", "Bees fly (p. 12)."),
        ("Bees fly (pages 12, 14 and 15).", "Bees fly (p. 12, 14–15)."),
        ("Bees fly (pp. 12-14; p. 16).", "Bees fly (p. 12–14, 16)."),
        ("Bees fly (с. 12).", "Bees fly (p. 12)."),
        ("Bees fly (стр. 12).", "Bees fly (p. 12)."),
        ("Bees fly (p. 99).", "Bees fly."),
        ("Bees fly (p. 12, 99).", "Bees fly (p. 12)."),
        ("Bees fly (p. 8–12).", "Bees fly (p. 10–12)."),
        ("Bees fly (p. 1-999999999).", "Bees fly."),
        ("Page 12 says so. And page 99 does.", "Page 12 says so. And page 99 (?) does."),
        ("It is (see p. 99) so.", "It is (see p. 99 (?)) so."),
        ("From 12 to 99 (in 2024).", "From 12 to 99 (in 2024)."),
        ("Bees fly (section 99).", "Bees fly (section 99)."),
    ],
)
def test_what_was_not_read_is_not_cited(written: str, expected: str) -> None:
    """Whatever way a model writes it; numbers of other things are left alone."""
    assert expected == ENGLISH.checked(written, READ)


def test_a_citation_is_put_into_the_language_of_the_person() -> None:
    """A model copies the marks that it saw."""
    russian = Citations(PageWord.PAGE, "ru")
    assert "Пчёлы летают (с. 12)." == russian.checked("Пчёлы летают [p. 12].", READ)
    assert "Работа с 9 до 18." == russian.checked("Работа с 9 до 18.", READ)
    assert "Всё (с. 12)" == russian.checked("Всё (С 12)", READ)


def test_what_may_go_on_is_left_alone() -> None:
    """A draft that ends in `page 1` may be about to say `page 12`."""
    assert "So says page 1" == ENGLISH.checked("So says page 1", READ)
    assert "So says page 1 (?) " == ENGLISH.checked("So says page 1 ", READ)
    assert "So (p. 9" == ENGLISH.checked("So (p. 9", READ)


@given(
    st.lists(
        st.sampled_from(["(p. ", "[p. ", "pages ", "12", "99", "-", ", ", ")", "]", " ", "word"])
        | st.text(max_size=3),
        max_size=30,
    ).map("".join)
)
def test_checking_twice_changes_nothing_more(written: str) -> None:
    """Drafts are checked again and again; whatever remains in brackets was read."""
    once = ENGLISH.checked(written, READ)
    assert once == ENGLISH.checked(once, READ)
    for cited in re.findall(r"\(p\. (\d+)\)", once):
        assert int(cited) in READ
