"""Where work becomes visible; the program's other half fills it with Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from domain.answers import Draft, Progress, Reply
from domain.jobs import Job
from storage.jobs import Filed, Row


class Screen(Protocol):
    """Where people watch a job at work."""

    def show(self, seen: Draft | Progress) -> None:
        """Show this instead of what was shown before; never waits."""


class Stage(Protocol):
    """Hands out screens, and knows how a reply becomes messages."""

    def show(self, job: Job) -> AbstractAsyncContextManager[Screen]:
        """The screen of a job; once it is closed nothing of it can arrive any more."""

    def compose(self, job: Job, reply: Reply) -> Sequence[str | Filed]:
        """The bodies of the messages that make up a reply, files first."""

    def newest(self, job: Job) -> int:
        """The highest message id known in the sequence in which the reply will be numbered."""

    def deliver(self, rows: Sequence[Row]) -> None:
        """Send rows that are already marked as being sent."""
