"""A worker with one task that does whatever a test wants, and where its work is seen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from domain.answers import Draft, Phase, Progress, Reply
from domain.jobs import Job, State
from domain.messages import Role
from services.excuses import Excuses
from services.tasks import Answer, Step
from services.worker import Worker
from storage.jobs import Found, Said
from tests.services.ground import ME, Ground, until
from tests.services.stages import Notebook
from tests.storage.workshop import Clock

Play = Callable[[Job], AsyncGenerator[Step, None]]
WAIT = Progress(Phase.THINKING, "…")
WRITTEN = Draft("Once")


class TrueClock(Clock):
    """A clock that nobody turns."""

    def __call__(self) -> float:
        """The time."""
        return time.time()


@dataclass(slots=True)
class Player:
    """A task that does whatever a test wants, and counts how often."""

    play: Play
    starts: int = 0

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Do it."""
        self.starts += 1
        async for step in self.play(job):
            yield step

    def stopped(self, job: Job, shown: str) -> Answer:
        """Keep what was shown."""
        return Answer(Reply(f"stopped at {shown!r}"), (Said(Role.ASSISTANT, shown),))


@dataclass(slots=True)
class Room:
    """Places without a backend behind them."""

    places: int = 8

    def free(self, running: Mapping[str, int]) -> dict[str, int]:
        """The free places."""
        return {"chat/default": self.places - running.get("chat/default", 0)}


@dataclass(slots=True)
class Shop:
    """A worker with one task, and where its work is seen."""

    ground: Ground
    task: Player
    stage: Notebook = field(default_factory=Notebook)
    room: Room = field(default_factory=Room)
    begun: list[int] = field(default_factory=list)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        async def before_start(job: int) -> None:
            self.begun.append(job)

        self.worker = Worker(
            self.ground.jobs,
            {"chat": self.task},
            self.stage,
            self.room,
            Excuses(self.ground.words),
            ME,
            self.ground.clock,
            before_start,
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Work while the block runs."""
        working = asyncio.create_task(self.worker.run(), name="worker")
        try:
            yield
        finally:
            working.cancel()
            await asyncio.wait({working})

    async def gets(self, text: str = "Why?", **fields: Any) -> int:
        """Somebody asks something."""
        number = await self.ground.added(self.ground.talk.says(text), **fields)
        self.worker.wake.set()
        return number

    async def ended(self, number: int) -> Found:
        """Wait until a job is over."""
        return await self.reached(number, State.DONE, State.DROPPED, State.DEAD)

    async def reached(self, number: int, *states: State) -> Found:
        """Wait until a job stands in one of these states."""
        return await self._found(number, lambda found: found.state in states)

    async def tried(self, number: int, attempts: int) -> None:
        """Wait until a job that was tried so often waits again."""
        await self._found(
            number,
            lambda found: found.state is State.QUEUED and found.job.attempts == attempts,
        )
        await until(lambda: number not in self.worker.running)

    async def _found(self, number: int, wanted: Callable[[Found], bool]) -> Found:
        async with asyncio.timeout(10):
            while True:
                found = await self.ground.jobs.get(number)
                if found is not None and wanted(found):
                    return found
                await asyncio.sleep(0.005)


async def answers(_job: Job) -> AsyncGenerator[Step, None]:
    """Answer, with something to be seen before."""
    yield WAIT
    yield WRITTEN
    yield Answer(Reply("The answer."), (Said(Role.USER, "Why?"), Said(Role.ASSISTANT, "Because.")))


async def hangs(_job: Job) -> AsyncGenerator[Step, None]:
    """Write something, then never go on."""
    yield WRITTEN
    await asyncio.Event().wait()


def fails(trouble: Exception) -> Play:
    """Make a task that comes to nothing."""

    async def play(_job: Job) -> AsyncGenerator[Step, None]:
        yield WAIT
        raise trouble

    return play
