"""Notes: what was heard so far survives, and comes together in its order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.speech import Segment, Transcript
from services.hearing.notes import Notes

WORDS = st.text(min_size=1).filter(str.strip)
SECONDS = st.floats(0, 10_000, allow_nan=False)
SEGMENTS = st.builds(Segment, SECONDS, SECONDS, WORDS)
HEARD = st.builds(
    Transcript,
    st.text(),
    st.sampled_from(["", "en", "ru", "uk"]),
    st.lists(SEGMENTS, max_size=3).map(tuple),
)
KEYS = st.tuples(st.integers(0, 3), SECONDS)


@given(st.dictionaries(KEYS, HEARD, max_size=8))
def test_what_is_kept_is_read_back(parts: dict[tuple[int, float], Transcript]) -> None:
    """A job that begins again knows all that it had heard."""
    notes = Notes()
    for key, heard in parts.items():
        notes.note(key, heard)
    assert notes == Notes.read(notes.to_json())


def test_a_job_that_just_begins_has_none() -> None:
    """There is nothing to read."""
    assert Notes() == Notes.read("")


@given(st.permutations([0.0, 60.0, 120.0]))
def test_parts_come_together_in_the_order_in_which_they_were_said(order: list[float]) -> None:
    """Whichever was heard first, by whichever transcriber."""
    notes = Notes()
    for at in order:
        segment = Segment(1.0, 2.5, f"words at {at:g}")
        notes.note((0, at), Transcript(f"words at {at:g}", "en", (segment,)))
    whole = notes.whole(0)
    assert "words at 0 words at 60 words at 120" == whole.text
    assert [(1.0, 2.5), (61.0, 62.5), (121.0, 122.5)] == [
        (one.start, one.end) for one in whole.segments
    ]


def test_each_recording_has_its_own() -> None:
    """What one says is not in the other."""
    notes = Notes()
    notes.note((0, 0.0), Transcript("one", "en"))
    notes.note((1, 0.0), Transcript("два", "ru"))
    assert ("one", "en") == (notes.whole(0).text, notes.whole(0).language)
    assert ("два", "ru") == (notes.whole(1).text, notes.whole(1).language)


def test_the_language_is_what_most_parts_are_in() -> None:
    """Silence has none."""
    notes = Notes()
    for at, (text, language) in enumerate([("", "en"), ("так", "uk"), ("да", "ru"), ("ні", "uk")]):
        notes.note((0, float(at)), Transcript(text, language))
    assert "uk" == notes.whole(0).language
    assert "uk" == notes.language


def test_words_without_times_still_have_a_place() -> None:
    """A server that tells no times leaves the beginning of the part."""
    notes = Notes()
    notes.note((0, 30.0), Transcript("words", "en"))
    assert (Segment(30.0, 30.0, "words"),) == notes.whole(0).segments
