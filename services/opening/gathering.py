"""Puts pages together again, which a child tells in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.documents import Page
from services.opening.troubles import Trouble, Unreadable


@dataclass(slots=True)
class Gathering:
    """Takes up to so many `characters` in all."""

    characters: int
    _begun: list[str] = field(default_factory=list)

    def add(self, pieces: Sequence[tuple[int, str]], following: int) -> Iterator[Page]:
        """Yield the pages that are whole now; `following` is where the next pieces begin.

        Raises Unreadable where there is too much text.
        """
        for number, piece in pieces:
            self.characters -= len(piece)
            if self.characters < 0:
                raise Unreadable(Trouble.CHARACTERS)
            self._begun.append(piece)
            if number != following:
                yield Page(number, "".join(self._begun))
                self._begun = []
