"""Private chats watch a native draft, which vanishes when the answer arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
)

from bot.delivery.calls import DraftRich, DraftText
from bot.delivery.frames import Seen, draft_frame, has_text
from bot.delivery.pace import Pace
from bot.delivery.screen import Newest, Painter
from domain.jobs import Job

PROGRESS = 1.0  # progress is no text: nobody reads along
KEEP_ALIVE = 20.0  # Telegram forgets a draft after thirty seconds
CALL_SECONDS = 5
QUICK, QUICK_FRAMES = 0.45, 10
STEADY = 0.8


@dataclass(slots=True)
class DraftPainter:
    """Sends drafts: quickly at first, then as the budget of the chat allows for a long answer."""

    bot: Bot
    pace: Pace
    job: Job
    calling: asyncio.Lock
    instead: Callable[[], Painter]
    rich: bool
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    _shown: DraftText | DraftRich | None = None
    _late: bool = False
    _frames: int = 0
    _last_at: float = float("-inf")

    def patience(self) -> float | None:
        """Until progress that was held back may be shown, or the draft would be forgotten."""
        if self._shown is None:
            return None
        left = self._last_at - self.clock() + (PROGRESS if self._late else KEEP_ALIVE)
        return max(0.01, left)

    async def paint(self, newest: Newest) -> Painter:
        """Send the newest frame; where drafts are refused, somebody else goes on."""
        self._late = not has_text(newest()) and self.clock() < self._last_at + PROGRESS
        if self._late:
            return self
        if self._frames:
            await self.sleep(max(0.0, self._last_at + self._interval() - self.clock()))
        async with self.pace.draft(self.job.payload.place.chat), self.calling:
            seen = newest()
            if seen is None:
                return self
            frame = draft_frame(self.job, seen, rich=self.rich)
            if frame == self._shown and self.clock() < self._last_at + KEEP_ALIVE:
                return self
            self._count(seen)
            return await self._send(frame)

    async def _send(self, frame: DraftText | DraftRich) -> Painter:
        self._shown = frame
        try:
            await self.bot(frame, request_timeout=CALL_SECONDS)
        except (TelegramBadRequest, TelegramNotFound):
            if not isinstance(frame, DraftRich):
                return self.instead()
            self.rich = False
        except TelegramForbiddenError:
            return Nobody()
        except TelegramAPIError:
            self._shown = None  # it may not have arrived: the next frame says it all again
        return self

    def _count(self, seen: Seen) -> None:
        self._last_at = self.clock()
        if has_text(seen):
            self._frames += 1

    def _interval(self) -> float:
        """How long a frame stays: the first seconds decide whether an answer feels quick."""
        chat = self.job.payload.place.chat
        if self._frames < QUICK_FRAMES and self.pace.drafts_left(chat) > QUICK_FRAMES:
            return QUICK
        return max(STEADY, self.pace.even_drafts(chat))


@dataclass(slots=True)
class Nobody:
    """Paints nothing: nobody watches."""

    def patience(self) -> float | None:
        """There is nothing to do."""
        return None

    async def paint(self, newest: Newest) -> Painter:
        """Look away."""
        newest()
        return self
