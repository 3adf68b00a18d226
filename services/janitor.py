"""Housekeeping: work of dead processes goes back in line, what is over is forgotten in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from services.counting import Counting
from services.tidying import Tidying
from services.worker import Worker
from storage.jobs import Jobs
from storage.outbox import Outbox
from storage.updates import Updates

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
LOOK_OFTEN_SECONDS = 0.5
"""Where nobody listens all news come by looking."""

SWEEP_SECONDS = 3600.0
KEPT_SECONDS = 30 * 24 * 3600.0
"""How long ended jobs and sent messages can still be asked about, edited and made anew."""


@dataclass(frozen=True, slots=True)
class Living:
    """Tells which processes live no more, and takes up what they were sending."""

    dead: Callable[[Iterable[str]], set[str]]
    inherit: Callable[[set[str]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Janitor:
    """Looks after what other processes leave behind, every `pause` seconds.

    `refresh` reads again what other processes may have changed.
    """

    jobs: Jobs
    outbox: Outbox
    updates: Updates
    worker: Worker
    counting: Counting
    living: Living
    tidying: Tidying
    clock: Callable[[], float]
    refresh: Callable[[], Awaitable[None]]
    pause: float = LOOK_SECONDS

    async def run(self) -> None:
        """Look every few seconds, sweep every hour, until cancelled."""
        swept = 0.0
        while True:
            try:
                await self.recover()
                await self._hear_others()
                await self.refresh()
                await self.counting.flush()
                if self.clock() - swept > SWEEP_SECONDS:
                    swept = self.clock()
                    await self._sweep()
            except Exception:
                log.exception("The janitor goes on", extra={"action": "janitor"})
            await asyncio.sleep(self.pause)

    async def recover(self) -> None:
        """Take up what dead processes were sending, and put back in line what they worked on."""
        senders = await self.outbox.senders() - {self.worker.name}
        if senders and (gone := self.living.dead(senders)):
            await self.living.inherit(gone)
        others = await self.jobs.running_workers() - {self.worker.name}
        if others and (dead := self.living.dead(others)):
            count = await self.jobs.recover(dead)
            log.info("%d jobs begin again", count, extra={"action": "recover"})
            self.worker.wake.set()

    async def _hear_others(self) -> None:
        """Stop what was cancelled elsewhere, and begin what was added elsewhere."""
        for job in await self.jobs.cancelled(self.worker.name):
            self.worker.stop(job)
        if await self.jobs.unfinished() > len(self.worker.running):
            self.worker.wake.set()

    async def _sweep(self) -> None:
        before = self.clock() - KEPT_SECONDS
        while await self.jobs.prune(before):
            pass
        await self.outbox.prune(before)
        await self.updates.prune()
        await self.tidying.sweep_rooms(self.living.dead)
        await self.tidying.sweep_documents(self.clock())
