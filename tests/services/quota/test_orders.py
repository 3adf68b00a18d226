"""What administrators write behind /grant is understood, or not obeyed at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.quota.orders import MOST, Order, order

BOB, ANN = 12345, 7


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("12345 video 3", Order(BOB, "video", 3, daily=False)),
        ("12345 3 videos", Order(BOB, "video", 3, daily=False)),
        ("12345 3 more videos today", Order(BOB, "video", 3, daily=False)),
        ("12345 image 10", Order(BOB, "image", 10, daily=False)),
        ("12345 video 3 daily", Order(BOB, "video", 3, daily=True)),
        ("12345: 3 videos a day", Order(BOB, "video", 3, daily=True)),
        ("12345 video 0 daily", Order(BOB, "video", 0, daily=True)),
        ("12345 video daily off", Order(BOB, "video", 0, daily=True)),
        ("12345 3 видео", Order(BOB, "video", 3, daily=False)),
        ("12345 ещё 5 картинок сегодня", Order(BOB, "image", 5, daily=False)),
        ("12345 2 ролика в день", Order(BOB, "video", 2, daily=True)),
        ("12345 видео ежедневно выкл", Order(BOB, "video", 0, daily=True)),
        ("12345 3 відео щодня", Order(BOB, "video", 3, daily=True)),
        ("12345 4 зображення на день", Order(BOB, "image", 4, daily=True)),
        ("12345 відео щодня вимк", Order(BOB, "video", 0, daily=True)),
    ],
)
def test_a_number_names_somebody(words: str, expected: Order) -> None:
    """In the three languages, with more words or fewer."""
    assert expected == order(words, 0)
    assert expected == order(words.upper(), ANN)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("3 videos", Order(ANN, "video", 3, daily=False)),
        ("video 3 daily", Order(ANN, "video", 3, daily=True)),
        ("video daily off", Order(ANN, "video", 0, daily=True)),
    ],
)
def test_a_reply_names_somebody(words: str, expected: Order) -> None:
    """Whoever wrote what it replies to."""
    assert expected == order(words, ANN)
    assert order(words, 0) is None


@pytest.mark.parametrize(
    "words",
    [
        *("", "video", "3", "12345", "12345 video", "12345 video three", "12345 video 0"),
        *("12345 video -3", "12345 video 3.5", "0 video 3", "12345 video 3 3", "@bob video 3"),
        *("12345 video image 3", "12345 songs 3", f"12345 video {MOST + 1}", "video daily off 1 2"),
        *("12345 video 3 off", "12345 video 3; drop table jobs", f"{'9' * 400} video 3"),
    ],
)
def test_what_is_not_clear_is_not_obeyed(words: str) -> None:
    """Nobody gets what nobody meant."""
    assert order(words, 0) is None


@pytest.mark.parametrize(
    "words", ["3.5 videos", "3,5 videos", "-3 videos", "video 0", "@bob 3 videos"]
)
def test_what_is_not_clear_is_not_obeyed_in_a_reply_either(words: str) -> None:
    """Half a number is not somebody's number."""
    assert order(words, ANN) is None


@given(st.text(), st.integers(0, 9))
def test_no_text_upsets_it(words: str, author: int) -> None:
    """Whatever comes out could be obeyed."""
    made = order(words, author)
    if made:
        assert 0 <= made.count <= MOST
        assert made.person > 0


@given(st.integers(1, 2**52), st.sampled_from(["video", "image"]), st.integers(1, MOST))
def test_what_is_written_plainly_is_read_so(person: int, skill: str, count: int) -> None:
    """Every number of a person, and every count that may be given."""
    assert Order(person, skill, count, daily=False) == order(f"{person} {skill} {count}", 0)
