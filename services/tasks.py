"""What a task is: a job goes in, drafts and progress come out, and one answer ends it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from domain.answers import Draft, Progress, Reply
from domain.jobs import Job
from domain.messages import Incoming
from storage.jobs import Said


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of a job: what to show, and what the conversation keeps.

    Without a reply the job ends unseen: only where something else shows what it did. `spent` is
    what it used of what had been reserved when it was accepted; None gives that back. `kept` is
    for those who make something else of it later, in its task's words.
    """

    reply: Reply | None
    lines: tuple[Said, ...] = ()
    spent: float | None = None
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Onward:
    """The end of a stage: the job goes on as another task, in the same place in its lane."""

    task: str
    pool: str
    payload: Incoming


class PlaceFree(Enum):
    """The job goes on without the place that it was claimed for; somebody else may have it."""

    NOW = "now"


Step = Draft | Progress | PlaceFree | Onward | Answer
"""What comes out of a task while it works."""


class Task(Protocol):
    """One kind of work."""

    def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Do the work; the last thing that comes out is an Answer, or an Onward."""

    def stopped(self, job: Job, shown: str) -> Answer:
        """Say what remains of a job that was stopped when `shown` was to be seen."""


@dataclass(frozen=True, slots=True)
class Quick:
    """A task that answers at once, such as a command."""

    act: Callable[[Job], Awaitable[Reply | None]]

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Do it."""
        yield Answer(await self.act(job))

    def stopped(self, job: Job, shown: str) -> Answer:  # noqa: ARG002 - the contract of a Task
        """Nothing remains of it."""
        return Answer(None)
