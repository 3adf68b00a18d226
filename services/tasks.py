"""What a task is: a job goes in, drafts and progress come out, and one answer ends it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from domain.answers import Draft, Progress, Reply
from domain.jobs import Job
from storage.jobs import Said


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of a job: what to show, and what the conversation keeps.

    Without a reply the job ends unseen: only where something else shows what it did.
    """

    reply: Reply | None
    lines: tuple[Said, ...] = ()


class Task(Protocol):
    """One kind of work."""

    def run(self, job: Job) -> AsyncGenerator[Draft | Progress | Answer, None]:
        """Do the work; the last thing that comes out is the Answer."""

    def stopped(self, job: Job, shown: str) -> Answer:
        """Say what remains of a job that was stopped when `shown` was to be seen."""


@dataclass(frozen=True, slots=True)
class Quick:
    """A task that answers at once, such as a command."""

    act: Callable[[Job], Awaitable[Reply | None]]

    async def run(self, job: Job) -> AsyncGenerator[Draft | Progress | Answer, None]:
        """Do it."""
        yield Answer(await self.act(job))

    def stopped(self, job: Job, shown: str) -> Answer:  # noqa: ARG002 - the contract of a Task
        """Nothing remains of it."""
        return Answer(None)
