"""Two ways to count what was sent: so many within some seconds, or bursts over a steady flow."""

from __future__ import annotations

from collections import deque
from typing import Protocol


class Gauge(Protocol):
    """Says how long to wait, and is told what was sent."""

    def wait(self, now: float, spare: int = 0) -> float:
        """How many seconds until one may go and `spare` more could follow it; 0 is now."""

    def count(self, now: float) -> None:
        """One goes now."""

    def idle(self, now: float) -> bool:
        """Whether all is as if nothing had ever been sent."""


class Window:
    """At most `limit` within any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self._seconds = seconds
        self._times: deque[float] = deque()

    def wait(self, now: float, spare: int = 0) -> float:
        """How many seconds until one may go and `spare` more could follow it; 0 is now."""
        self._forget(now)
        over = len(self._times) + min(spare, self.limit - 1) - self.limit
        return 0.0 if over < 0 else self._times[over] + self._seconds - now

    def count(self, now: float) -> None:
        """One goes now."""
        self._times.append(now)

    def idle(self, now: float) -> bool:
        """Whether all is as if nothing had ever been sent."""
        return not self.used(now)

    def used(self, now: float) -> int:
        """How many went within the window that ends now."""
        self._forget(now)
        return len(self._times)

    def even(self, now: float) -> float:
        """The seconds between two, if what is left is spread until places become free again."""
        left = self.limit - self.used(now)
        return (self._times[0] + self._seconds - now) / (left + 1) if self._times else 0.0

    def _forget(self, now: float) -> None:
        while self._times and self._times[0] + self._seconds <= now:
            self._times.popleft()


class Bucket:
    """Bursts of up to `burst`, then one every `seconds`."""

    def __init__(self, burst: int, seconds: float) -> None:
        self._burst = burst
        self._seconds = seconds
        self._full_at = float("-inf")  # when nothing more will be owed

    def wait(self, now: float, spare: int = 0) -> float:
        """How many seconds until one may go and `spare` more could follow it; 0 is now."""
        room = (self._burst - 1 - min(spare, self._burst - 1)) * self._seconds
        return max(0.0, self._full_at - now - room)

    def count(self, now: float) -> None:
        """One goes now."""
        self._full_at = max(self._full_at, now) + self._seconds

    def idle(self, now: float) -> bool:
        """Whether all is as if nothing had ever been sent."""
        return self._full_at <= now
