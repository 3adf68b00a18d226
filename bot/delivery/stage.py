"""What the worker needs of Telegram: screens for running jobs, and replies made into messages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiogram import Bot

from bot.delivery.body import Rich, compose
from bot.delivery.courier import Courier
from bot.delivery.drafts import DraftPainter
from bot.delivery.frames import LONG, Words
from bot.delivery.live import LivePainter
from bot.delivery.live_messages import LiveMessages
from bot.delivery.newest import Newest
from bot.delivery.pace import Pace
from bot.delivery.screen import Painter, Screen
from domain.answers import Reply
from domain.jobs import Job
from storage.jobs import Filed
from storage.outbox import Outbox, Row

GROUP_INTERVAL = 3.0
PRIVATE_INTERVAL = 1.0


@dataclass(slots=True)
class Stage:
    """The one place where work becomes visible."""

    bot: Bot
    pace: Pace
    outbox: Outbox
    courier: Courier
    newest_seen: Newest
    words: Words
    rich: Rich = "auto"
    drafts: bool = True
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    @asynccontextmanager
    async def show(self, job: Job) -> AsyncIterator[Screen]:
        """Open the screen of a job; when it is closed nothing of it can arrive any more."""
        calling = asyncio.Lock()
        screen = Screen(self._painter(job, calling), calling, f"screen {job.id}")
        try:
            yield screen
        finally:
            await screen.close()

    def compose(self, job: Job, reply: Reply) -> Sequence[str | Filed]:
        """The bodies of the messages of a reply; in a group it replies to the question."""
        place = job.payload.place
        reply_to = None if place.private else job.payload.message
        return compose(reply, place, reply_to, rich=self.rich)

    def newest(self, job: Job) -> int:
        """The highest message id known in the sequence in which the reply will be numbered."""
        return max(self.newest_seen.of(job.payload.place.chat), job.payload.message)

    def deliver(self, rows: Sequence[Row]) -> None:
        """Send rows that are already marked as being sent."""
        self.courier.deliver(rows)

    def _painter(self, job: Job, calling: asyncio.Lock) -> Painter:
        """Choose how it is watched.

        An edit ends no draft, so an answer made anew has none. What takes minutes needs a message
        that stays, and a button.
        """
        private = job.payload.place.private
        interval = PRIVATE_INTERVAL if private else GROUP_INTERVAL
        if job.task in LONG:
            return self._live(job, calling, interval, quiet=0.0)
        if not private:
            return self._live(job, calling, GROUP_INTERVAL)
        if job.answer != job.id or not self.drafts:
            return self._live(job, calling, PRIVATE_INTERVAL)
        return self._drafts(job, calling)

    def _drafts(self, job: Job, calling: asyncio.Lock) -> DraftPainter:
        return DraftPainter(
            self.bot,
            self.pace,
            job,
            calling,
            instead=lambda: self._live(job, calling, PRIVATE_INTERVAL, quiet=0.0),
            rich=self.rich == "auto",
            clock=self.clock,
            sleep=self.sleep,
        )

    def _live(
        self, job: Job, calling: asyncio.Lock, interval: float, *, quiet: float = 2.0
    ) -> LivePainter:
        return LivePainter(
            self.bot,
            self.pace,
            job,
            calling,
            self.words(job),
            LiveMessages(self.outbox, self.courier, self.newest),
            interval,
            self.clock,
            self.sleep,
            quiet,
        )
