"""What is said does not depend on how the answer grew, and absurd answers cost little."""

import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.speakable.pieces import Mark
from services.speakable.reader import Reader
from services.speakable.sentences import Cutter
from tests.services.speakable.reading import MARKDOWN, WORDS, cut, cut_words, grown, read

SIGNS = (
    "a Bb word. Mr. т. е. д. 3.5 e.g. , ; — - * ** _ ` `` ``` ~~~ $ $$ $5 \\( \\) \\[ \\] [ ]( )"
    " ! ? … ... # ## 1. 2) > | |---| <b> </b> <think> </think> <!-- --> « » 。 ， ” Привіт. Это"
    " http://a.b/c?d [^1] [^1]: [x]: &amp; 🎉 № % 25.11.2026 +380441234567 10:30 5–10 км і"
)
tokens = st.sampled_from([*SIGNS.split(), "\n", "\n\n", " ", "  ", "\t", "\u200f", "é"])
markdown = st.lists(tokens, max_size=40).map("".join)
cuts = st.lists(st.integers(0, 400), max_size=20)


@given(markdown, cuts)
def test_what_is_said_does_not_depend_on_how_the_answer_grew(text: str, at: list[int]) -> None:
    """Any way in which a model may cut its answer gives the same utterances."""
    assert read(text) == grown(cut(text, at))


@given(st.text(max_size=200), cuts)
def test_nor_does_it_for_any_text_at_all(text: str, at: list[int]) -> None:
    """Whatever signs there are in Unicode."""
    assert read(text) == grown(cut(text, at))


def test_an_answer_may_come_character_by_character() -> None:
    """As the whole one is read, so is the one that grows most slowly."""
    assert read(MARKDOWN) == grown(MARKDOWN)


@given(st.lists(st.from_regex(r"[a-zа-яії]{1,9}[.,!?]?", fullmatch=True), max_size=60))
def test_no_word_is_lost_or_said_twice_or_out_of_order(words: list[str]) -> None:
    """The cuts hold the words of the text, in their order."""
    assert words == " ".join(one.text for one in cut_words(" ".join(words))).split()


def test_a_sentence_is_said_as_soon_as_the_next_one_begins() -> None:
    """Nothing waits for the end of the answer."""
    reader = Reader("en", WORDS.speak)
    assert reader.feed("The kettle is on the stove. ") == []
    said = reader.feed("The kettle is on the stove. It boils now")
    assert ["The kettle is on the stove."] == [one.text for one in said]
    assert ["It boils now"] == [one.text for one in reader.finish()]


def test_a_clause_is_said_while_its_sentence_is_written() -> None:
    """A long sentence need not end before one hears its beginning."""
    reader = Reader("en", WORDS.speak)
    said = reader.feed("If the kettle is already hot, you may pour the water ")
    assert ["If the kettle is already hot,"] == [one.text for one in said]


ABSURD = {
    "no space": "a",
    "only stops": ".",
    "only spaces": " ",
    "only lines": "\n",
    "brackets": "[",
    "links": "[a](",
    "ticks": "`",
    "dollars": "$ x",
    "backslashes": "\\",
    "stars": "*",
    "quotes": ">",
    "items": "- ",
    "nested items": "1. - > ",
    "tables": "| a ",
    "digits": "9",
    "groups of digits": "999 ",
    "dates": "25.11.2026-",
    "ranges": "5–",
    "decimals": "1.",
    "tags": "<b",
    "thoughts": "<think>",
    "right to left": "שלום \u202e",
    "Chinese": "好，",
    "ideographs": "好",
    "emoji": "👨‍👩‍👧",
    "combining": "e\u0301",
    "surrogates": "\ud800",
    "formulas": "\\(",
    "words": "word ",
    "links that close": "[a](b)",
    "abbreviations": "т. е. ",
}


@pytest.mark.parametrize("sign", ABSURD.values(), ids=ABSURD)
def test_absurd_answers_are_read_or_left_out(sign: str) -> None:
    """A hundred thousand of them never raise, and no utterance is endless."""
    said = read(sign * (100_000 // len(sign) ** 2))
    assert all(len(one.text) < 5000 for one in said)


def work(text: str) -> int:
    """How many calls it takes to read the text as it grows by 50 characters at a time."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        grown(cut(text, range(0, len(text), 50)))
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("sign", ABSURD.values(), ids=ABSURD)
def test_twice_the_text_is_twice_the_work(sign: str) -> None:
    """Nothing is looked at again and again, however strange the text."""
    text = sign * (2000 // len(sign))
    assert work(text * 2) < 2.3 * work(text) + 1000


def test_marks_alone_say_nothing() -> None:
    """A line that ends where no word was is no sentence."""
    cutter = Cutter()
    assert [] == [*cutter.take(Mark.LINE), *cutter.take(Mark.BLOCK), *cutter.finish()]
