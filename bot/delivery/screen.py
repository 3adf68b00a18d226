"""Where a running job is watched: the newest frame wins, and none arrives after the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from bot.delivery.frames import Seen, has_text

log = logging.getLogger(__name__)

CLOSING_SECONDS = 6.0
HESITATION = 0.15  # what is answered at once needs no sign of work before

Newest = Callable[[], Seen | None]


class Painter(Protocol):
    """Brings frames to one chat, one call at a time."""

    def patience(self) -> float | None:
        """Seconds after which something has to be sent though nothing is new; None is never."""

    async def paint(self, newest: Newest) -> Painter:
        """Send one frame, when it may go; answers with who shall send the next one."""


class Screen:
    """Shows what it is given; `show` never waits, and forgets what was not shown yet.

    `calling` is held while a call is on its way: whoever holds it keeps new ones from leaving.
    """

    def __init__(self, painter: Painter, calling: asyncio.Lock, name: str) -> None:
        self._painter = painter
        self._calling = calling
        self._seen: Seen | None = None
        self._news = asyncio.Event()
        self._text = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=name)

    def show(self, seen: Seen) -> None:
        """Show this instead of what was shown before."""
        self._seen = seen
        self._news.set()
        if not self._text.is_set() and has_text(seen):
            self._text.set()

    async def close(self) -> None:
        """Show no more; comes back when no call is on its way."""
        try:
            async with asyncio.timeout(CLOSING_SECONDS), self._calling:
                self._task.cancel()
        except TimeoutError:
            log.warning("A frame is still on its way", extra={"action": "screen"})
        finally:
            self._task.cancel()
        await asyncio.wait({self._task})
        if not self._task.cancelled() and (bug := self._task.exception()):
            log.error("The screen went dark", exc_info=bug, extra={"action": "screen"})

    async def _run(self) -> None:
        await _within(HESITATION, self._text)
        while True:
            await _within(self._painter.patience(), self._news)
            self._painter = await self._painter.paint(self._newest)

    def _newest(self) -> Seen | None:
        self._news.clear()
        return self._seen


async def _within(seconds: float | None, event: asyncio.Event) -> None:
    """Wait for the event, so long at most."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
