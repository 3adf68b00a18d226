"""Pictures: what is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as models take it: upright, no larger than they need, told of nothing else.

    `mime` is `image/jpeg` or another kind that they all read; width and height are in pixels.
    """

    path: Path
    mime: str
    width: int
    height: int
