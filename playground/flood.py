"""Telegram's limits on frequency, each of which can be switched on."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Sequence

from playground.chats import Chat
from playground.errors import ApiError
from playground.options import Flood

BURST, REFILL = 5, 1.0
GROUP_LIMIT, GROUP_WINDOW = 20, 60.0
DRAFT_WINDOWS = ((20, 5.0), (40, 30.0))


class Window:
    """So many events in so many seconds, counted without rounding."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Tell how long to wait until one more is allowed."""
        while self._times and self._times[0] <= now - self.seconds:
            self._times.popleft()
        return self._times[0] + self.seconds - now if len(self._times) >= self.limit else 0.0

    def count(self, now: float) -> None:
        """Count one."""
        self._times.append(now)


class Bucket:
    """Short bursts pass, a steady flow is slowed down."""

    def __init__(self) -> None:
        self._tokens = float(BURST)
        self._at = 0.0

    def wait(self, now: float) -> float:
        """Tell how long to wait until one more is allowed."""
        self._tokens = min(BURST, self._tokens + (now - self._at) * REFILL)
        self._at = now
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / REFILL

    def count(self, now: float) -> None:
        """Count one."""
        del now
        self._tokens -= 1


Gauge = Window | Bucket


class FloodControl:
    """Says 429 to a bot that is too fast; counts only what it lets through."""

    def __init__(self, limits: Flood) -> None:
        self.limits = limits
        self._private: defaultdict[int, Bucket] = defaultdict(Bucket)
        self._groups: defaultdict[int, Window] = defaultdict(
            lambda: Window(GROUP_LIMIT, GROUP_WINDOW)
        )
        self._drafts: defaultdict[int, list[Window]] = defaultdict(
            lambda: [Window(limit, seconds) for limit, seconds in DRAFT_WINDOWS]
        )
        self._total = Window(limits.global_per_second, 1.0)

    def message(self, chat: Chat, number: int = 1) -> None:
        """Count messages or an edit, or refuse them; an album passes as a whole or not at all."""
        gauges: list[Gauge] = [self._total] if self.limits.global_per_second else []
        if chat.private and self.limits.private:
            gauges.append(self._private[chat.id])
        if not chat.private and self.limits.group:
            gauges.append(self._groups[chat.id])
        _pass(gauges, number)

    def draft(self, chat: Chat) -> None:
        """Count a draft or an action, or refuse it."""
        _pass(self._drafts[chat.id] if self.limits.drafts else ())


def _pass(gauges: Sequence[Gauge], number: int = 1) -> None:
    now = time.monotonic()
    if wait := max((gauge.wait(now) for gauge in gauges), default=0.0):
        raise too_many(wait)
    for gauge in gauges:
        for _ in range(number):
            gauge.count(now)


def too_many(seconds: float) -> ApiError:
    """Refuse a call for a while."""
    whole = max(1, math.ceil(seconds))
    return ApiError(429, f"Too Many Requests: retry after {whole}", retry_after=whole)
