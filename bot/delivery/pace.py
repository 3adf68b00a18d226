"""How fast Telegram may be spoken to: one budget a chat for everything that goes there.

Telegram's own limits are not published as a contract; these are the usual ones, with a margin,
because what leaves here evenly may arrive unevenly. Its answer 429 always has the last word: it
holds back everything for that chat.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.delivery.windows import Bucket, Gauge, Window

FRAMES_AT_ONCE = 4
_SPARE = 6  # what frames leave of a group's twenty messages a minute for answers
_SPARE_PRIVATE = 2
_IDLE_SECONDS = 60.0
_GLOBAL_WITHIN = 1.0  # floods in two chats within this time may be no fault of the chats
_GLOBAL_PAUSE = 2.0


@dataclass(slots=True)
class _Chat:
    """What was sent to one chat lately, and until when nothing may be."""

    messages: Gauge
    calls: tuple[Window, Window] = field(
        default_factory=lambda: (Window(19, 5.2), Window(39, 30.5))
    )
    held: float = 0.0

    def idle(self, now: float) -> bool:
        gauges = (self.messages, *self.calls)
        return self.held <= now and all(gauge.idle(now) for gauge in gauges)


class Pace:
    """Lets calls through when their chat and the whole bot may speak.

    Messages and edits count for `messages_per_second` (0: no limit of our own); drafts and chat
    actions have a budget of their own in each chat.
    """

    def __init__(
        self,
        messages_per_second: int = 30,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._all = Window(messages_per_second, 1.1) if messages_per_second else None
        self._clock = clock
        self._sleep = sleep
        self._chats: dict[int, _Chat] = {}
        self._held = 0.0
        self._flood = (0, float("-inf"))
        self._line = asyncio.Lock()  # whoever waits for the whole bot's budget waits in line
        self._frames = asyncio.Semaphore(FRAMES_AT_ONCE)
        self._swept = clock()

    def hold(self, chat: int | None, seconds: float) -> None:
        """Obey a 429: nothing goes to the chat for so long; to nobody if it is not the chat's."""
        now = self._clock()
        until = now + seconds + 0.05
        earlier, at = self._flood
        if not isinstance(chat, int):
            self._held = max(self._held, until)
        elif earlier != chat and now - at < _GLOBAL_WITHIN:
            # Perhaps the whole bot is too fast, perhaps two groups are: all wait, but not for long.
            self._held = max(self._held, min(until, now + _GLOBAL_PAUSE))
        if isinstance(chat, int):
            self._flood = (chat, now)
            state = self._chat(chat)
            state.held = max(state.held, until)

    async def message(self, chat: int) -> None:
        """Wait until a message or an edit that matters may go to the chat."""
        while True:
            await self._while(lambda: self._message_wait(chat, 0))
            async with self._line:
                await self._while(lambda: max(self._held - self._clock(), self._all_wait(0)))
                if self._message_wait(chat, 0) <= 0:
                    self._count_message(chat)
                    return

    async def answer(self, chat: int) -> None:
        """Wait for as long as Telegram wanted silence, and no longer."""
        await self._while(lambda: self._hold_wait(self._chat(chat)))

    @asynccontextmanager
    async def draft(self, chat: int) -> AsyncIterator[None]:
        """Wait until a draft or a chat action may go; it goes while this is held."""
        while True:
            await self._while(lambda: self._call_wait(chat))
            async with self._frames:
                if self._call_wait(chat) <= 0:
                    for window in self._chat(chat).calls:
                        window.count(self._clock())
                    yield
                    return

    @asynccontextmanager
    async def live_edit(self, chat: int) -> AsyncIterator[None]:
        """Wait until an edit that nobody needs may go; it leaves room for what matters."""
        while True:
            await self._while(lambda: self._spare_wait(chat))
            async with self._frames:
                if self._spare_wait(chat) <= 0:
                    self._count_message(chat)
                    yield
                    return

    def has_room(self, chat: int) -> bool:
        """Whether a message that nobody needs may go to the chat at once."""
        return self._spare_wait(chat) <= 0

    def drafts_left(self, chat: int) -> int:
        """How many drafts and actions the chat may get at once."""
        window = self._chat(chat).calls[1]
        return window.limit - window.used(self._clock())

    def even_drafts(self, chat: int) -> float:
        """The seconds between two drafts that use up the chat's budget without a standstill."""
        return self._chat(chat).calls[1].even(self._clock())

    def __len__(self) -> int:
        return len(self._chats)

    async def _while(self, wait: Callable[[], float]) -> None:
        while (seconds := wait()) > 0:
            await self._sleep(max(seconds, 0.001))  # time that is too short would not pass

    def _chat(self, chat: int) -> _Chat:
        now = self._clock()
        if now - self._swept > _IDLE_SECONDS:
            self._swept = now
            self._chats = {one: state for one, state in self._chats.items() if not state.idle(now)}
        if chat not in self._chats:
            self._chats[chat] = _Chat(Bucket(4, 1.05) if chat > 0 else Window(20, 60.5))
        return self._chats[chat]

    def _hold_wait(self, state: _Chat) -> float:
        return max(state.held, self._held) - self._clock()

    def _message_wait(self, chat: int, spare: int) -> float:
        state = self._chat(chat)
        return max(self._hold_wait(state), state.messages.wait(self._clock(), spare))

    def _all_wait(self, spare: int) -> float:
        return self._all.wait(self._clock(), spare) if self._all else 0.0

    def _call_wait(self, chat: int) -> float:
        state, now = self._chat(chat), self._clock()
        return max(self._hold_wait(state), *(window.wait(now) for window in state.calls))

    def _spare_wait(self, chat: int) -> float:
        if self._line.locked():
            return 0.05  # answers wait for the bot's budget: they go first
        spare = _SPARE_PRIVATE if chat > 0 else _SPARE
        quarter = self._all.limit // 4 if self._all else 0
        return max(self._message_wait(chat, spare), self._all_wait(quarter))

    def _count_message(self, chat: int) -> None:
        now = self._clock()
        self._chat(chat).messages.count(now)
        if self._all:
            self._all.count(now)
