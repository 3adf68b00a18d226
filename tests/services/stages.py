"""A stage that writes down what it is asked to show, in the place of Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from domain.answers import Draft, Progress, Reply
from domain.jobs import Job
from storage.jobs import Filed, Row


@dataclass(slots=True)
class Shown:
    """What a screen has shown, and whether it is still there."""

    seen: list[Draft | Progress] = field(default_factory=list)
    open: bool = True

    def show(self, seen: Draft | Progress) -> None:
        """Show it."""
        assert self.open, "a screen that was closed shows nothing more"
        self.seen.append(seen)


@dataclass(slots=True)
class Notebook:
    """A stage: the screens of each job, in the order in which they were opened, and all rows."""

    screens: dict[int, list[Shown]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)
    """What the next replies are answered with instead of their bodies."""

    @asynccontextmanager
    async def show(self, job: Job) -> AsyncIterator[Shown]:
        """Open a screen."""
        screen = Shown()
        self.screens.setdefault(job.id, []).append(screen)
        try:
            yield screen
        finally:
            screen.open = False

    def compose(self, job: Job, reply: Reply) -> Sequence[str | Filed]:
        """One message a reply, its text."""
        assert not any(one.open for one in self.screens[job.id])
        if self.broken:
            raise self.broken.pop()
        return [reply.text]

    def newest(self, job: Job) -> int:
        """Nothing was ever sent."""
        return 0

    def deliver(self, rows: Sequence[Row]) -> None:
        """Keep what should be sent."""
        self.rows += rows

    def said(self) -> list[str | None]:
        """The texts of all that should be sent."""
        return [row.body for row in self.rows]
