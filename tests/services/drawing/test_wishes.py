"""What people write behind /image and /video, read as wishes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.drawing.wishes import (
    LARGEST_SEED,
    LONGEST,
    Fault,
    Shape,
    UnclearError,
    Wishes,
    read,
)

words = st.text(alphabet="abc фї,.!?-", max_size=40).map(lambda text: " ".join(text.split()))
wishes = st.builds(
    Wishes,
    prompt=words.filter(lambda text: "--" not in text),
    shape=st.sampled_from(Shape),
    seconds=st.sampled_from([0.0, 1.0, 2.5, 6.0]),
    seed=st.none() | st.integers(0, LARGEST_SEED),
    style=st.sampled_from(["", "flux", "my-style"]),
    larger=st.booleans(),
    loops=st.booleans(),
)


@given(wishes)
def test_what_is_written_down_is_read_back(wanted: Wishes) -> None:
    """A job holds nothing but this text."""
    assert wanted == read(wanted.text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_told_what_is_wrong(text: str) -> None:
    """Nothing else can come of it, and what is read is within bounds."""
    try:
        found = read(text)
    except UnclearError:
        return
    assert math.isfinite(found.seconds)
    assert found.seed is None or 0 <= found.seed <= LARGEST_SEED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red fox", Wishes("a red fox")),
        ("  a \n red   fox ", Wishes("a red fox")),
        ("a fox --wide", Wishes("a fox", Shape.WIDE)),
        ("--tall a fox", Wishes("a fox", Shape.TALL)),
        ("a fox —square", Wishes("a fox", Shape.SQUARE)),
        ("waves --seconds 3", Wishes("waves", seconds=3)),
        ("waves --seconds=3s", Wishes("waves", seconds=3)),
        ("волны --seconds 2,5с", Wishes("волны", seconds=2.5)),
        ("a fox --seed 7 --style flux", Wishes("a fox", seed=7, style="flux")),
        ("well-known far--off things", Wishes("well-known far--off things")),
        ("a fox --unknown", Wishes("a fox --unknown")),
        ("x --wideness", Wishes("x --wideness")),
    ],
)
def test_wishes_stand_anywhere(text: str, expected: Wishes) -> None:
    """As two hyphens or as the dash that telephones make of them; other dashes stay."""
    assert expected == read(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("waves --seconds 0", Fault.SECONDS),
        ("waves --seconds -1", Fault.SECONDS),
        ("waves --seconds abc", Fault.SECONDS),
        ("waves --seconds nan", Fault.SECONDS),
        ("waves --seconds inf", Fault.SECONDS),
        ("waves --seconds 1e99", Fault.SECONDS),
        ("a fox --seed -1", Fault.SEED),
        ("a fox --seed 4294967296", Fault.SEED),
        ("a fox --seed ٣", Fault.SEED),
        (f"a fox --seed {'9' * 5000}", Fault.SEED),
        ("x" * (LONGEST + 1), Fault.TOO_LONG),
    ],
)
def test_what_cannot_be_meant_is_told(text: str, fault: Fault) -> None:
    """Each with what was wrong."""
    with pytest.raises(UnclearError) as unclear:
        read(text)
    assert fault is unclear.value.fault
