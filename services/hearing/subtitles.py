"""A transcript as a file: subtitles, or a text with times."""

from __future__ import annotations

from domain.speech import Segment, Transcript

LEAST = 1.5  # seconds that a line is shown where its end is not known


def srt(heard: Transcript) -> str:
    """Subtitles in the SubRip form, which players know."""
    blocks = []
    for number, one in enumerate(heard.segments, start=1):
        end = one.end if one.end > one.start else one.start + LEAST
        times = f"{_clock(one.start, ',')} --> {_clock(end, ',')}"
        blocks.append(f"{number}\n{times}\n{one.text}\n")
    return "\n".join(blocks)


def timed(heard: Transcript) -> str:
    """A line for each segment, with the time at which it begins."""
    if not heard.segments:
        return heard.text + "\n"
    return "".join(f"[{_begins(one)}] {one.text}\n" for one in heard.segments)


def _begins(one: Segment) -> str:
    return _clock(one.start, ".").partition(".")[0]


def _clock(seconds: float, mark: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{mark}{thousandths:03}"
