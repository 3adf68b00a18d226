"""How much of a file is taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may have, and what opening it may cost.

    `bytes` of the file, `pages` and `characters` of a document, `pixels` of a picture. A step
    (a picture, an outline, a page) takes at most so many `seconds`, and the child that does it
    has so many bytes of `memory`.
    """

    bytes: int = 256 << 20
    pages: int = 2000
    characters: int = 5_000_000
    pixels: int = 100_000_000
    seconds: float = 20.0
    memory: int = 1 << 30


USUAL = Limits()
