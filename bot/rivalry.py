"""Which of two programs that poll with one token gives way: the one that came later."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

SETTLED = 2.0
"""Seconds of undisturbed polling after which a program is no newcomer."""

FORGOTTEN = 60.0
"""Seconds of peace after which a dispute is over; an answered poll alone proves nothing."""

NEWCOMER, SETTLER = 3, 8
"""How many polls each may lose; one or two may be those of a program that has just been killed."""


@dataclass(slots=True)
class Rivalry:
    """Counts the polls that were lost to somebody else.

    Telegram always gives way to who polls last, so it cannot tell who was there first.
    """

    clock: Callable[[], float] = time.monotonic
    peace: float | None = None
    lost: int = 0
    patience: int = NEWCOMER

    def won(self) -> None:
        """A poll was answered."""
        now = self.clock()
        if self.peace is None:
            self.peace = now
        if now - self.peace > FORGOTTEN:
            self.lost = 0

    def lose(self) -> bool:
        """Somebody else has taken a poll over; tells whether it is time to give way."""
        now = self.clock()
        if not self.lost:
            settled = self.peace is not None and now - self.peace >= SETTLED
            self.patience = SETTLER if settled else NEWCOMER
        self.lost, self.peace = self.lost + 1, now
        return self.lost >= self.patience
