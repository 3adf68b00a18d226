"""Work that is watched in a message, which is edited; before that the bot is typing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import TelegramMethod

from bot.delivery.body import Body
from bot.delivery.calls import EditCaption, EditMedia, EditText, Typing, editing, picturing
from bot.delivery.drafts import Nobody
from bot.delivery.frames import Labels, Seen, captioned, has_text, live_frame
from bot.delivery.glimpses import Glimpses
from bot.delivery.live_messages import LiveMessages, Opened
from bot.delivery.pace import Pace
from bot.delivery.screen import Newest, Painter
from bot.delivery.verdicts import Verdict, judge
from domain.jobs import Job

CALL_SECONDS = 5
TYPING_SECONDS = 4.5
QUIET_SECONDS = 2.0  # the wait after which a group is told what it waits for
HESITATION = 0.15  # what is answered at once needs no typing
AGAIN_SECONDS = 1.0  # until it is asked again for a message that somebody else has
SURE_SECONDS = CALL_SECONDS + 1.0
"""After a message was taken over, a frame of who had it before may arrive for so long."""


@dataclass(slots=True)
class LivePainter:
    """Types, opens one message at the first text or after a while, and edits it."""

    bot: Bot
    pace: Pace
    job: Job
    calling: asyncio.Lock
    labels: Labels
    messages: LiveMessages
    interval: float
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    quiet: float = QUIET_SECONDS
    _glimpses: Glimpses = field(init=False)
    _began: float = field(init=False)
    _typed_at: float = float("-inf")
    _edited_at: float = float("-inf")
    _open_at: float = float("-inf")
    _sure_at: float = float("inf")
    _opened: Opened | None = None
    _shown: Body | None = None
    _pictured: bool = False

    def __post_init__(self) -> None:
        self._began = self.clock()
        self._glimpses = Glimpses(self.clock)

    def patience(self) -> float | None:
        """Until the typing has to be renewed, the quiet is over, or all has to be said again."""
        now = self.clock()
        if self._opened is not None:
            return None if self._sure_at == float("inf") else max(0.01, self._sure_at - now)
        if self._typed_at < self._began and self._open_at < self._began:
            return min(HESITATION, self.quiet)
        coming = (at for at in (self._began + self.quiet, self._open_at) if at > now)
        return max(0.01, min(self._typed_at + TYPING_SECONDS, *coming, float("inf")) - now)

    async def paint(self, newest: Newest) -> Painter:
        """Type, open the message, or edit it."""
        if self._opened is not None:
            return await self._edit(newest, self._opened)
        seen, now = newest(), self.clock()
        wanted = has_text(seen) or now - self._began >= self.quiet
        # where the chat may get little more, it should get the answer itself
        room = now >= self._open_at and self.pace.has_room(self.job.payload.place.chat)
        if seen and wanted and room:
            return await self._open(seen)
        if now - self._typed_at >= TYPING_SECONDS:
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
            opened = await self.messages.open(self.job, body)
        if opened is None:
            self._open_at = self.clock() + AGAIN_SECONDS
            return self
        if opened.message is None:
            return Nobody()
        self._opened = opened
        if opened.fresh:
            self._shown, self._edited_at = body, self.clock()
            return self
        self._sure_at = self.clock() + SURE_SECONDS
        return await self._edit(lambda: seen, opened)

    async def _edit(self, newest: Newest, opened: Opened) -> Painter:
        await self.sleep(max(0.0, self._edited_at + self.interval - self.clock()))
        async with self.pace.live_edit(self.job.payload.place.chat), self.calling:
            if self.clock() >= self._sure_at:
                self._sure_at, self._shown = float("inf"), None
            seen = newest()
            frame = live_frame(self.job, seen, self.labels) if seen else self._shown
            if frame is None:
                return self
            if not await self.messages.holds(opened):
                return self._lost()
            painter = await self._show(frame, seen, opened)
            if not await self.messages.holds(opened):
                await self.messages.release(opened)
            return painter

    def _lost(self) -> Painter:
        """Somebody else shows it now; perhaps it comes back."""
        self._opened, self._shown = None, None
        self._typed_at = self.clock()
        self._open_at = self._typed_at + AGAIN_SECONDS
        return self

    async def _show(self, frame: Body, seen: Seen | None, opened: Opened) -> Painter:
        """Show a frame, and from time to time what the unfinished picture looks like."""
        chat, message = self.job.payload.place.chat, opened.message
        assert message is not None  # noqa: S101 - nothing is opened without one
        picture = await self._glimpses.next(seen)
        if picture is None and frame == self._shown:
            return self
        self._shown, self._edited_at = frame, self.clock()
        if picture is not None:
            return await self._call(picturing(chat, message, captioned(frame), picture))
        wanted = captioned(frame) if self._pictured else frame
        return await self._call(editing(chat, message, wanted))

    async def _call(self, method: EditMedia | EditText | EditCaption | Typing) -> Painter:
        try:
            await self.bot(method, request_timeout=CALL_SECONDS)
        except TelegramForbiddenError:
            return Nobody()
        except TelegramBadRequest as error:
            self._learn(error, method)
        except TelegramAPIError:
            return self  # the next frame says it all again
        else:
            self._pictured = self._pictured or isinstance(method, EditMedia)
        return self

    def _learn(self, error: TelegramBadRequest, method: TelegramMethod[Any]) -> None:
        """Say it again at once where Telegram wants it in another form."""
        verdict = judge(error)
        if verdict is Verdict.OTHER_KIND:
            self._pictured = not self._pictured
        elif isinstance(method, EditMedia) and verdict is not Verdict.DONE:
            self._glimpses.refuse()
        else:
            return
        self._sure_at = self.clock()
