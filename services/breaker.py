"""A breaker: a backend that keeps failing is left alone until it is well again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

STRIKES = 3
"""Failures in a row that open a breaker."""


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row; while it is `open`, `reason` says why and `since` when.

    Who recovers is on probation: the next failure opens it at once. `rounds` counts how often it
    has opened since an answer last succeeded: who flaps is asked after more and more seldom.
    """

    clock: Callable[[], float]
    open: bool = False
    reason: str = ""
    strikes: int = 0
    rounds: int = 0
    since: float = field(init=False)

    def __post_init__(self) -> None:
        self.since = self.clock()

    def failed(self, reason: str, *, at_once: bool = False) -> bool:
        """Count a failure; whether this one opened it."""
        self.strikes += 1
        if self.open or not (at_once or self.strikes >= STRIKES):
            return False
        self.open, self.reason, self.since = True, reason, self.clock()
        self.rounds += 1
        return True

    def recovered(self) -> None:
        """Close after a probe has found the backend well."""
        if self.open:
            self.open, self.reason, self.since = False, "", self.clock()
            self.strikes = STRIKES - 1

    def worked(self) -> None:
        """Forget all failures: an answer came to its end."""
        self.recovered()
        self.strikes = self.rounds = 0
