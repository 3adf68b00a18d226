"""A transcript as a file."""

from domain.speech import Segment, Transcript
from services.hearing.subtitles import srt, timed

HEARD = Transcript(
    "Hello. How are you?",
    "en",
    (Segment(0.0, 1.25, "Hello."), Segment(3671.5, 3671.5, "How are you?")),
)


def test_subtitles_are_what_players_read() -> None:
    """Numbers, times with a comma, and an end for what has none."""
    assert (
        "1\n00:00:00,000 --> 00:00:01,250\nHello.\n\n"
        "2\n01:01:11,500 --> 01:01:13,000\nHow are you?\n"
    ) == srt(HEARD)


def test_a_text_says_when_each_line_was_said() -> None:
    """To the second."""
    assert "[00:00:00] Hello.\n[01:01:11] How are you?\n" == timed(HEARD)


def test_a_text_without_times_is_the_text() -> None:
    """Nothing is made up."""
    assert "Hello.\n" == timed(Transcript("Hello."))
