"""Drawing and filming: what is to be made, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is to be made, as its asker wants it.

    `width` and `height` are in pixels and `seconds` how long a film runs, 0 for what the graph
    itself would take. `start` is the picture that it begins from, if any. The same `seed` with
    all else the same makes the same picture.
    """

    prompt: str
    seed: int = 0
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    start: Path | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """How it is really made: the sketch with all that was left open, and the graph's title."""

    sketch: Sketch
    title: str = ""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What an unfinished picture looks like so far; a small JPEG or PNG."""

    path: Path


@dataclass(frozen=True, slots=True)
class Clip:
    """A film as it came out; `seconds` and the sizes in pixels are 0 where nobody told."""

    path: Path
    mime: str
    seconds: float = 0.0
    width: int = 0
    height: int = 0
