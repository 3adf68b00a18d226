"""How quickly sentences are spoken at present."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

_MEMORY = 5


@dataclass(slots=True)
class Tempo:
    """Learns from the last sentences; the quickest of them had to wait for nobody."""

    _known: deque[float] = field(default_factory=lambda: deque(maxlen=_MEMORY))

    def note(self, text: str, seconds: float) -> None:
        """Learn how long a text took."""
        self._known.append(seconds / max(len(text), 1))

    def expected(self, text: str) -> float:
        """The seconds that a text will take; 0 while nothing is known."""
        return min(self._known, default=0.0) * len(text)
