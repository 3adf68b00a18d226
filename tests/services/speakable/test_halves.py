"""What would be waited for is parted where a voice may breathe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.speakable.halves import BREATH, PREPOSITIONS, halved
from services.speakable.reader import Utterance
from services.speakable.sentences import CONJUNCTIONS

PARTED = [
    ("That is how they stay in the air.", ["That is how they stay,", "in the air."]),
    ("so the crust goes soft and mould grows.", ["so the crust goes soft,", "and mould grows."]),
    ("We went home early, being tired.", ["We went home early,", "being tired."]),
    ("Он поставил чайник на плиту.", ["Он поставил чайник,", "на плиту."]),
    ("Бджоли літають повільно над лукою.", ["Бджоли літають повільно,", "над лукою."]),
]
WHOLE = [
    "Come in.",
    "Sit on the chair.",
    "It is about one hundred and five.",
    "They weigh about two and a half.",
    "It grew out of as well as into it.",
    "Nobody ever told me anything.",
]


@pytest.mark.parametrize(("text", "expected"), PARTED)
def test_it_is_parted_before_a_phrase(text: str, expected: list[str]) -> None:
    """As near to the middle as that can be."""
    assert expected == [one.text for one in halved(Utterance(text, "en", 0.6))]


@pytest.mark.parametrize("text", WHOLE)
def test_what_belongs_together_stays_together(text: str) -> None:
    """Short sentences, numbers, and prepositions that follow each other."""
    whole = Utterance(text, "en", 0.6)
    assert (whole,) == halved(whole)


def test_the_pause_after_it_stays_where_it_was() -> None:
    """Between the halves there is only a breath."""
    first, second = halved(Utterance("That is how they stay in the air.", "en", 0.6))
    assert (BREATH, 0.6) == (first.pause, second.pause)


@given(st.lists(st.sampled_from([*CONJUNCTIONS, *PREPOSITIONS, "word", "end,", "a"]), min_size=1))
def test_no_word_is_lost(words: list[str]) -> None:
    """Whatever is parted, and wherever."""
    halves = halved(Utterance(" ".join(words), "en", 0.3))
    said = [word.rstrip(",") for one in halves for word in one.text.split()]
    assert [word.rstrip(",") for word in words] == said
    assert all(1 < len(one.text.split()) for one in halves) or len(halves) == 1
