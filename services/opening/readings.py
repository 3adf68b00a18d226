"""A document that is open: its pages are asked for one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

BATCH = 60_000
"""Characters that are told at a time: more would hold up whoever takes the line apart."""

BATCH_PAGES = 64

BATCH_SECONDS = 0.25
"""After so long what there is goes on its way; so the deadline is one of pages, not of files."""


class Reading(Protocol):
    """What each format gives."""

    @property
    def title(self) -> str:
        """What it calls itself, or nothing."""

    @property
    def count(self) -> int:
        """How many pages it has."""

    def text(self, number: int) -> str:
        """The text of a page, from 1."""


@dataclass(frozen=True, slots=True)
class Sections:
    """A document that was read at once."""

    title: str
    texts: Sequence[str]

    @property
    def count(self) -> int:
        """How many sections there are."""
        return len(self.texts)

    def text(self, number: int) -> str:
        """The text of one."""
        return self.texts[number - 1]


@dataclass(slots=True)
class Parts:
    """A document whose pages are read when they are asked for; the last one is at hand."""

    title: str
    count: int
    read: Callable[[int], str]
    _last: tuple[int, str] = (0, "")

    def text(self, number: int) -> str:
        """The text of one."""
        if self._last[0] != number:
            self._last = (number, self.read(number))
        return self._last[1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go on reading: a page, and how many characters of it were told already."""

    page: int = 1
    offset: int = 0


def batch(
    reading: Reading, place: Place, clock: Callable[[], float] = time.monotonic
) -> dict[str, object]:
    """Read on from a place: pieces of pages, and where to go on; page 0 is the end."""
    until, left, pieces = clock() + BATCH_SECONDS, BATCH, list[tuple[int, str]]()
    while place.page <= reading.count:
        text = reading.text(place.page)
        piece = text[place.offset : place.offset + left]
        pieces.append((place.page, piece))
        left -= len(piece)
        done = place.offset + len(piece) == len(text)
        place = Place(place.page + 1) if done else Place(place.page, place.offset + len(piece))
        if left <= 0 or len(pieces) == BATCH_PAGES or clock() > until:
            break
    else:
        place = Place(0)
    return {"pieces": pieces, "page": place.page, "offset": place.offset}
