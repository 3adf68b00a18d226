"""The ear of a worker that another process started: news by its input, whose end is the end."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.companion import IDLE, NEWS
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.parts import Parts

log = logging.getLogger(__name__)

NICER = 5
"""Whoever answers people goes first."""


@dataclass(slots=True)
class Fed:
    """Looks for work and for what is to be stopped whenever it is told to.

    `stop` is set when nobody is there any more who would tell. It tells in its turn what it has
    changed, and when it has nothing to do.
    """

    parts: Parts
    stop: asyncio.Event
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: bytes = b"0"
    _mouth: asyncio.WriteTransport | None = None

    async def run(self) -> None:
        """Hear and look until cancelled."""
        os.nice(NICER)
        loop = asyncio.get_running_loop()
        self._mouth, _ = await loop.connect_write_pipe(asyncio.Protocol, sys.stdout)
        self.parts.basics.jobs.on_change = self._changed
        self._news.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hear(), name="hearing")
            group.create_task(self._look_again(), name="looking")

    def _changed(self, _pools: Collection[str]) -> None:
        self._say(NEWS)
        self._news.set()

    def _say(self, words: bytes) -> None:
        if self._mouth is not None and not self._mouth.is_closing():
            self._mouth.write(words + b"\n")

    async def _hear(self) -> None:
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        async for line in reader:
            self._heard = line.strip()
            self._news.set()
        self.stop.set()

    async def _look_again(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            heard = self._heard
            try:
                busy = await self._look()
            except StorageError as trouble:
                log.warning("Left to the janitor: %s", trouble, extra={"action": "news"})
                continue
            if not busy:
                self._say(IDLE + b" " + heard)

    async def _look(self) -> bool:
        """Stop what somebody wants stopped and begin what waits; whether there is any work."""
        worker, jobs = self.parts.worker, self.parts.basics.jobs
        for job in await jobs.cancelled(worker.name):
            worker.stop(job)
        waiting = await jobs.waiting_by_pool()
        waits = not self.parts.ground.duty.pools.isdisjoint(waiting)
        if waits:
            worker.wake.set()
        return waits or bool(worker.running)
