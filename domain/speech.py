"""Speech: what is heard, what it said, and how an answer should sound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Speech:
    """A recording as transcribers take it: a WAV file, 16 kHz, one channel, 16 bits a sample."""

    path: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Segment:
    """Words and when they were said, in seconds from the beginning."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said; an empty text is silence or music.

    `language` is a two-letter code, empty where the server does not tell. `segments` may be empty
    where it tells no times.
    """

    text: str
    language: str = ""
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Timbre:
    """How a text should sound.

    `language` is a two-letter code. `name` is a voice that a person chose, empty for the one that
    suits the language. `speed` 1 is the voice's own, 2 twice as fast.
    """

    language: str
    name: str = ""
    speed: float = 1.0
