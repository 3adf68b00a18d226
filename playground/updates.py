"""The queue of updates keeps each one until the bot has confirmed it."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

from playground.errors import ApiError
from playground.records import Record, encode

DAY = 86_400.0
POLL_LIMIT = 50
UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that a bot gets only when it names them."""

_CONFLICT = (
    "Conflict: terminated by other getUpdates request;"
    " make sure that only one bot instance is running"
)


@dataclass(frozen=True, slots=True)
class Pending:
    """An update that nobody has confirmed."""

    id: int
    lane: int
    """Updates of one lane, a chat or a user, reach a webhook one after the other."""
    expires: float
    body: str


class Updates:
    """A queue with one reader, who says by its offset what it has."""

    def __init__(self, first: int) -> None:
        self.allowed: frozenset[str] = frozenset()
        self.last_poll: float | None = None
        self._next = first
        self._queue: OrderedDict[int, Pending] = OrderedDict()
        self._poller: asyncio.Future[None] | None = None
        self.arrived = asyncio.Event()

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def polled(self) -> bool:
        """Somebody is waiting for updates at this moment."""
        return self._poller is not None

    def wants(self, kind: str) -> bool:
        """Tell whether the bot asked for this kind, or did not ask and gets it all the same."""
        return kind in self.allowed if self.allowed else kind not in UNASKED

    def put(self, kind: str, record: Record, lane: int, life: float = DAY) -> None:
        """Queue an update unless the bot does not want its kind."""
        if self.wants(kind):
            self._append({"update_id": self._next, kind: record}, lane, life)

    def put_raw(self, update: Any) -> int:
        """Queue whatever is given, right or wrong, under its own number if it has one."""
        if not isinstance(update, dict):
            update = {"update_id": self._next, "raw": update}
        number = update.get("update_id")
        self._next = number if isinstance(number, int) and number >= self._next else self._next
        return self._append({"update_id": self._next, **update}, 0, DAY)

    def _append(self, update: Record, lane: int, life: float) -> int:
        number = self._next
        self._next += 1
        expires = time.monotonic() + life
        self._queue[number] = Pending(number, lane, expires, encode(update))
        self.arrived.set()
        if self._poller and not self._poller.done():
            self._poller.set_result(None)
        return number

    def confirm(self, offset: int) -> None:
        """Forget what lies before an offset; a negative one keeps that many from the end."""
        if offset < 0:
            ids = list(self._queue)
            offset = ids[max(offset, -len(ids))] if ids else 0
        while offset <= self._next and self._queue and next(iter(self._queue)) < offset:
            self._queue.popitem(last=False)

    def drop(self) -> None:
        """Forget everything that is pending."""
        self._queue.clear()

    def remove(self, number: int) -> None:
        """Forget a single update, as a webhook confirms it."""
        self._queue.pop(number, None)

    def pending(self, limit: int | None = None) -> list[Pending]:
        """List what waits, without what has become too old to matter."""
        now = time.monotonic()
        return list(islice((u for u in self._queue.values() if u.expires >= now), limit))

    def after(self, number: int) -> list[Pending]:
        """List what came after an update, oldest first."""
        newest_first = takewhile(lambda u: u.id > number, reversed(self._queue.values()))
        return list(newest_first)[::-1]

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Pending]:
        """Wait for updates; whoever was waiting before is sent away."""
        self.interrupt(_CONFLICT)
        self.confirm(offset)
        self.last_poll = time.monotonic()
        if not (found := self.pending(limit)) and seconds > 0:
            await self._wait(min(seconds, POLL_LIMIT))
            found = self.pending(limit)
        return found

    def interrupt(self, reason: str) -> None:
        """End the poll that is under way, if there is one, with a conflict."""
        if self._poller and not self._poller.done():
            self._poller.set_exception(ApiError(409, reason))

    def close(self) -> None:
        """Let the one who waits go, with nothing."""
        if self._poller and not self._poller.done():
            self._poller.set_result(None)

    async def _wait(self, seconds: float) -> None:
        poller = self._poller = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poller
        except TimeoutError:
            return
        finally:
            self.last_poll = time.monotonic()
            if self._poller is poller:
                self._poller = None
