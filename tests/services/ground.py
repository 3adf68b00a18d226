"""What the tests of single services stand on: real parts over a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.jobs import Job, State
from domain.messages import Incoming
from services.words import Words
from storage.conversations import Conversations
from storage.database import Database
from storage.jobs import Ending, Found, Jobs, NewJob
from storage.outbox import Outbox, Sent
from tests.storage.workshop import Clock, Talk

ME = "this worker"
LOCALES = Path(__file__).parents[2] / "locales"


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (conditions of all kinds, with a deadline)
            await asyncio.sleep(0.005)


@dataclass(slots=True)
class Ground:
    """A database, a clock to turn, people who say things, and what is remembered of them."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    talk: Talk = field(default_factory=Talk)
    words: Words = field(default_factory=lambda: Words(LOCALES))
    jobs: Jobs = field(init=False)
    outbox: Outbox = field(init=False)
    conversations: Conversations = field(init=False)

    def __post_init__(self) -> None:
        self.jobs = Jobs(self.database, self.clock)
        self.outbox = Outbox(self.database, self.clock, ME)
        self.conversations = Conversations(self.database)

    async def added(self, said: Incoming, pool: str = "chat/default", **fields: Any) -> int:
        """Somebody's job, written down; its number."""
        [added] = await self.jobs.add(
            [NewJob(**{"task": "chat", **fields}, pool=pool, incoming=said)]
        )
        return added.job

    async def begun(self, said: Incoming, pool: str = "chat/default", **fields: Any) -> Job:
        """Somebody's job, which is being worked on."""
        number = await self.added(said, pool, **fields)
        [job] = await self.jobs.claim({pool: 1}, ME)
        assert number == job.id
        return job

    async def answered(self, said: Incoming, message: int = 0, **fields: Any) -> Job:
        """Somebody's job that is done, its answer sent as this message; `turns` are kept of it."""
        turns = fields.pop("turns", ())
        job = await self.begun(said, **fields)
        bodies = ["the answer"] if message else []
        rows = await self.jobs.finish(
            Ending(job.id, ME, State.DONE, bodies=bodies, turns=turns, mark_sending_after=0)
        )
        await self.outbox.sent([Sent(row.id, row.version, message) for row in rows])
        return job

    async def every(self) -> list[Found]:
        """All jobs that there are, in their order."""
        found: list[Found] = []
        while (one := await self.jobs.get(len(found) + 1)) is not None:
            found.append(one)
        return found
