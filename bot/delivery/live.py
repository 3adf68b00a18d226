"""Groups watch a message that is edited while it is written; before that the bot is typing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError

from bot.delivery.body import Body
from bot.delivery.calls import EditCaption, EditText, Typing, editing
from bot.delivery.drafts import Nobody
from bot.delivery.frames import Labels, Seen, has_text, live_frame
from bot.delivery.pace import Pace
from bot.delivery.screen import Newest, Painter
from domain.jobs import Job

CALL_SECONDS = 5
TYPING_SECONDS = 4.5
QUIET_SECONDS = 2.0  # the wait after which a group is told what it waits for
HESITATION = 0.15  # what is answered at once needs no typing


@dataclass(frozen=True, slots=True)
class Opened:
    """The live message; `fresh` if it says already what it was opened with."""

    message: int
    fresh: bool


class Opening(Protocol):
    """Puts a live message into the outbox and has it sent."""

    async def __call__(self, job: Job, body: Body) -> Opened | None:
        """The message, or None where there can be none."""


@dataclass(slots=True)
class LivePainter:
    """Types, opens one message at the first text or after a while, and edits it."""

    bot: Bot
    pace: Pace
    job: Job
    calling: asyncio.Lock
    labels: Labels
    opening: Opening
    interval: float
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    quiet: float = QUIET_SECONDS
    _began: float = field(init=False)
    _typed_at: float = float("-inf")
    _edited_at: float = float("-inf")
    _message: int | None = None
    _shown: Body | None = None

    def __post_init__(self) -> None:
        self._began = self.clock()

    def patience(self) -> float | None:
        """Until the typing has to be renewed, or the quiet is over."""
        now = self.clock()
        if self._message is not None:
            return None
        if self._typed_at < self._began:
            return min(HESITATION, self.quiet)
        quiet_left = self._began + self.quiet - now
        typing_left = self._typed_at + TYPING_SECONDS - now
        return max(0.01, min(quiet_left, typing_left) if quiet_left > 0 else typing_left)

    async def paint(self, newest: Newest) -> Painter:
        """Type, open the message, or edit it."""
        if self._message is not None:
            return await self._edit(newest)
        seen = newest()
        late = self.clock() - self._began >= self.quiet
        # where the chat may get little more, it should get the answer itself
        if seen and (has_text(seen) or late) and self.pace.has_room(self.job.payload.place.chat):
            return await self._open(seen)
        if self.clock() - self._typed_at >= TYPING_SECONDS:
            return await self._type()
        return self

    async def _type(self) -> Painter:
        place = self.job.payload.place
        async with self.pace.draft(place.chat), self.calling:
            self._typed_at = self.clock()
            typing = Typing(chat_id=place.chat, message_thread_id=place.topic)
            return await self._call(typing)

    async def _open(self, seen: Seen) -> Painter:
        body = live_frame(self.job, seen, self.labels)
        async with self.calling:
            opened = await self.opening(self.job, body)
        if opened is None:
            return Nobody()
        self._message = opened.message
        if not opened.fresh:
            return await self._edit(lambda: seen)
        self._shown, self._edited_at = body, self.clock()
        return self

    async def _edit(self, newest: Newest) -> Painter:
        await self.sleep(max(0.0, self._edited_at + self.interval - self.clock()))
        chat, message = self.job.payload.place.chat, self._message
        async with self.pace.live_edit(chat), self.calling:
            seen = newest()
            body = live_frame(self.job, seen, self.labels) if seen else self._shown
            if body is None or message is None or body == self._shown:
                return self
            self._shown, self._edited_at = body, self.clock()
            return await self._call(editing(chat, message, body))

    async def _call(self, method: EditText | EditCaption | Typing) -> Painter:
        try:
            await self.bot(method, request_timeout=CALL_SECONDS)
        except TelegramForbiddenError:
            return Nobody()
        except TelegramAPIError:
            return self  # the next frame says it all again
        return self
