"""The schedule: what is done at certain times, whatever happens to the program in between."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.clockwork import Clockwork

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""After so many seconds it is looked again: clocks are set, and machines sleep."""

SHORTEST_PAUSE = 1.0
"""Before what failed is looked at again."""

Errand = Callable[..., Awaitable[None]]


@dataclass(slots=True)
class Schedule:
    """Keeps its entries in the database at `url`, and does each with the errand of its name.

    `regular` says when an errand is done again and again, as cron does. Whatever waits for the
    database does so in a thread of its own.
    """

    url: str
    errands: Mapping[str, Errand]
    regular: Mapping[str, str] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _clockwork: Clockwork | None = None
    _at_work: asyncio.Task[None] | None = None
    _closing: bool = False

    async def run(self) -> None:
        """Do what is due, until cancelled."""
        try:
            while True:
                self._news.clear()
                pause = await self._turn()
                await self._rest(LONGEST_PAUSE if pause is None else min(pause, LONGEST_PAUSE))
        finally:
            await self._close()

    async def once(self, key: str, moment: datetime, errand: str, *words: str) -> None:
        """Do an errand at a moment; a later entry under the same key takes its place."""
        clockwork = await self._open()
        await asyncio.to_thread(clockwork.once, key, moment, errand, *words)

    async def _turn(self) -> float | None:
        """Do what is due; cancelled meanwhile, it stops first and leaves the rest to be done."""
        work = asyncio.ensure_future(self._turned())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            self._closing = True
            if self._at_work:
                self._at_work.cancel()
            await asyncio.wait({work})
            raise
        except Exception:
            log.exception("The schedule goes on", extra={"action": "schedule"})
            return SHORTEST_PAUSE

    async def _turned(self) -> float | None:
        clockwork = await self._open()
        return await asyncio.to_thread(clockwork.turn)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    async def _open(self) -> Clockwork:
        """The clockwork; it is made when it is first needed, for it takes its time to import."""
        async with self._opening:
            if self._clockwork is None:
                loop = asyncio.get_running_loop()
                self._clockwork = await asyncio.to_thread(self._made, loop)
            return self._clockwork

    def _made(self, loop: asyncio.AbstractEventLoop) -> Clockwork:
        kept = importlib.import_module("storage.schedule")
        made = importlib.import_module("services.clockwork")

        def do(errand: str, words: Sequence[str]) -> None:
            asyncio.run_coroutine_threadsafe(self._do(errand, words), loop).result()

        clockwork: Clockwork = made.Clockwork(
            kept.Entries(self.url), do, lambda: loop.call_soon_threadsafe(self._news.set)
        )
        clockwork.start()
        for errand, when in self.regular.items():
            clockwork.regularly(errand, when)
        return clockwork

    async def _do(self, errand: str, words: Sequence[str]) -> None:
        if errand not in self.errands:
            log.warning("Nobody does %s any more", errand, extra={"action": "schedule"})
            return
        if self._closing:
            raise asyncio.CancelledError
        self._at_work = asyncio.current_task()
        try:
            await self.errands[errand](*words)
        finally:
            self._at_work = None

    async def _close(self) -> None:
        async with self._opening:
            clockwork, self._clockwork = self._clockwork, None
            if clockwork is not None:
                await asyncio.to_thread(clockwork.shutdown)
