"""What happened, numbered, kept for a while, and handed to all who wait for it."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import merge
from itertools import takewhile
from operator import attrgetter
from typing import Any

from playground.records import encode

KEPT = 10_000
_by_number = attrgetter("n")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, encoded once for everybody who will read it."""

    n: int
    chat: int | None
    body: str


class Events:
    """A ring of events, readable as a whole or chat by chat.

    A reader pays only for the events that are new to it, and a new event wakes only its readers.
    """

    def __init__(self) -> None:
        self.last = 0
        self.closed = False
        self._all: deque[Event] = deque()
        self._chats: defaultdict[int | None, deque[Event]] = defaultdict(deque)
        self._waiting: defaultdict[int | None, set[asyncio.Future[None]]] = defaultdict(set)

    def publish(self, kind: str, chat: int | None, /, **fields: Any) -> None:
        """Add an event; one without a chat concerns the readers of every chat."""
        self.last += 1
        body = {"n": self.last, "at": time.monotonic(), "type": kind, **fields}
        event = Event(self.last, chat, encode(body))
        self._all.append(event)
        self._chats[chat].append(event)
        if len(self._all) > KEPT:
            self._forget(self._all.popleft())
        self._wake(chat)

    def since(self, number: int, chat: int | None = None) -> list[Event]:
        """List what is newer than a number, oldest first."""
        if chat is None:
            return _newer(self._all, number)
        own, shared = self._chats.get(chat, ()), self._chats.get(None, ())
        return list(merge(_newer(own, number), _newer(shared, number), key=_by_number))

    async def wait(self, number: int, chat: int | None, seconds: float) -> list[Event]:
        """Wait until something is newer than a number, or until the time is over."""
        if (found := self.since(number, chat)) or self.closed:
            return found
        waiter = asyncio.get_running_loop().create_future()
        self._waiting[chat].add(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return []
        finally:
            self._leave(chat, waiter)
        return self.since(number, chat)

    def close(self) -> None:
        """Let all who wait go; nothing more will happen."""
        self.closed = True
        self._wake(None)

    def _forget(self, oldest: Event) -> None:
        ring = self._chats[oldest.chat]
        ring.popleft()
        if not ring:
            del self._chats[oldest.chat]

    def _wake(self, chat: int | None) -> None:
        concerned = list(self._waiting) if chat is None else [chat, None]
        for key in concerned:
            for waiter in self._waiting.get(key, ()):
                if not waiter.done():
                    waiter.set_result(None)

    def _leave(self, chat: int | None, waiter: asyncio.Future[None]) -> None:
        self._waiting[chat].discard(waiter)
        if not self._waiting[chat]:
            del self._waiting[chat]


def _newer(ring: Iterable[Event], number: int) -> list[Event]:
    if not ring:
        return []
    newest_first = takewhile(lambda event: event.n > number, reversed(ring))  # type: ignore[call-overload]
    return list(newest_first)[::-1]
