"""What a worker knows of a job that it runs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from domain.jobs import State
from services.tasks import Answer, Onward


@dataclass(slots=True)
class Run:
    """A job at work: what it has shown, why it is stopped, and how it ends.

    `pool` is whose place it has, empty once it has none.
    """

    pool: str
    shown: str = ""
    state: State = State.DONE
    reason: str = ""
    pause: float | None = None
    task: asyncio.Task[None] = field(init=False)
    work: asyncio.Task[Answer | Onward] | None = None

    def stop(self, reason: str) -> None:
        """Cancel the work, and say why."""
        self.reason = self.reason or reason or "closing"
        if self.work is not None:
            self.work.cancel()

    def end(self, state: State, reason: str, answer: Answer) -> Answer:
        """Note how it ended."""
        self.state, self.reason = state, reason
        return answer
