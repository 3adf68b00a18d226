"""Takes rows of the outbox to Telegram: in order within a chat, at the same time among chats.

Hazards, and what meets them. A crash between sending and noting leaves a row in doubt: it is
looked for before it is sent again. A row changes while it is under way: what was sent is noted
with its version, and the change follows as an edit. The database fails after a send: the note is
repeated, never the send. An upload fails: it goes on in a lane of its own, and the text follows.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.delivery.body import Body
from bot.delivery.newest import Newest
from bot.delivery.postman import Errand, Postman, Result
from storage.errors import StorageError
from storage.outbox import Outbox, Row, Sent

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
_AT_ONCE = 200


@dataclass(slots=True, eq=False)
class _Parcel:
    """A row in line, and who waits for its message."""

    errand: Errand
    done: asyncio.Future[int | None] | None = None


_Key = tuple[int, bool]
"""A chat, and whether this is its lane for uploads that are late."""


@dataclass(slots=True)
class _Lane:
    """What waits for one chat; the first is under way."""

    parcels: deque[_Parcel] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class Courier:
    """Delivers what it is given, and what it finds waiting; forgets nothing."""

    def __init__(
        self,
        outbox: Outbox,
        postman: Postman,
        newest: Newest,
        on_blocked: Callable[[int], Awaitable[None]],
    ) -> None:
        self._outbox = outbox
        self._postman = postman
        self._newest = newest
        self._on_blocked = on_blocked
        self._lanes: dict[_Key, _Lane] = {}
        self._group: asyncio.TaskGroup | None = None
        self._stop = asyncio.Event()

    @property
    def under_way(self) -> int:
        """How many chats something is on its way to."""
        return len({chat for chat, _ in self._lanes})

    async def prepare(self, left: Collection[str] | None = None) -> None:
        """Take up what these senders, or all, left behind when they died."""
        rows = await self._outbox.adopt(left)
        await self._learn(rows)
        for row in rows:
            self._take(_Parcel(Errand(row, _body(row), doubtful=True, touched=True)))

    async def run(self) -> None:
        """Deliver until `aclose` is called or the task is cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                for key in list(self._lanes):
                    self._set_out(key)
                while not self._stop.is_set():
                    try:
                        await self._look()
                    except Exception:
                        log.exception("The courier goes on", extra={"action": "deliver"})
                    await self._rest()
        finally:
            self._group = None

    def deliver(self, rows: Sequence[Row]) -> None:
        """Send rows that are marked as being sent; comes back at once."""
        for row in rows:
            self._take(_Parcel(Errand(row, _body(row))))

    async def send(self, row: Row) -> int | None:
        """Send a row that is marked as being sent; its message's id, or None if that is refused."""
        sent: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._take(_Parcel(Errand(row, _body(row)), sent))
        return await sent

    async def aclose(self, seconds: float) -> None:
        """Deliver what is under way within so many seconds; give the rest back to the outbox."""
        self._stop.set()
        try:
            async with asyncio.timeout(seconds):
                while tasks := self._walking():
                    await asyncio.wait(tasks)
        except TimeoutError:
            for task in self._walking():
                task.cancel()
        if tasks := self._walking():
            await asyncio.wait(tasks)
        parcels = (parcel for lane in self._lanes.values() for parcel in lane.parcels)
        untouched = {one.errand.row.id for one in parcels if not one.errand.touched}
        if untouched:
            await self._outbox.to_waiting(untouched)

    def _walking(self) -> set[asyncio.Task[None]]:
        return {lane.task for lane in self._lanes.values() if lane.task and not lane.task.done()}

    async def _look(self) -> None:
        """Find what waits: after a change, after a failure, or put there by another process."""
        rows = [row for row in await self._outbox.waiting(_AT_ONCE) if not self._has(row)]
        await self._learn(rows)
        marks = {row.id: self._newest.of(row.chat) for row in rows}
        self.deliver(await self._outbox.mark_sending(marks))

    async def _learn(self, rows: Sequence[Row]) -> None:
        unknown = {row.chat for row in rows if not self._newest.of(row.chat)}
        if unknown:
            for chat, message in (await self._outbox.newest(unknown)).items():
                self._newest.saw(chat, message)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._stop.wait()
        except TimeoutError:
            return

    def _has(self, row: Row) -> bool:
        lanes = [lane for late in (False, True) if (lane := self._lanes.get((row.chat, late)))]
        return any(row.id == one.errand.row.id for lane in lanes for one in lane.parcels)

    def _take(self, parcel: _Parcel) -> None:
        """Put a parcel in line, in the place of an older version that has not set out."""
        row = parcel.errand.row
        key = (row.chat, parcel.errand.late)
        lane = self._lanes.setdefault(key, _Lane())
        for older in list(lane.parcels)[1 if lane.task else 0 :]:
            if older.errand.row.id == row.id and older.done is None:
                older.errand, older.done = parcel.errand, parcel.done
                return
        lane.parcels.append(parcel)
        self._set_out(key)

    def _set_out(self, key: _Key) -> None:
        lane = self._lanes[key]
        if self._group and lane.task is None:
            walk = self._walk(key, lane)
            lane.task = self._group.create_task(walk, name=f"courier to {key[0]}")

    async def _walk(self, key: _Key, lane: _Lane) -> None:
        """Deliver one after the other until nothing is left for this chat."""
        while lane.parcels:
            parcel = lane.parcels[0]
            result = await self._brought(parcel)
            lane.parcels.popleft()
            if result:
                _hand_over(parcel, lane, result)
            else:
                self._take(parcel)
        del self._lanes[key]

    async def _brought(self, parcel: _Parcel) -> Result | None:
        """Deliver and note it; None when it is late, and others must not wait for it."""
        try:
            result = await self._settle(parcel)
            if result:
                await self._note(parcel.errand.row, result)
        except Exception:
            log.exception("A row is left in doubt", extra={"action": "deliver"})
            return Result(None)
        return result

    async def _settle(self, parcel: _Parcel) -> Result | None:
        if parcel.errand.body is None and parcel.errand.row.body is not None:
            return Result(None, "its body cannot be read")
        return await self._postman.settle(parcel.errand)

    async def _note(self, row: Row, result: Result) -> None:
        """Write down how it ended, as often as it takes: what was sent is not sent again."""
        while True:
            try:
                await self._note_once(row, result)
            except StorageError as trouble:
                log.error("Not noted: %s", trouble, extra={"action": "deliver"})  # noqa: TRY400
                await asyncio.sleep(LOOK_SECONDS)
            else:
                return

    async def _note_once(self, row: Row, result: Result) -> None:
        if result.message is not None:
            await self._outbox.sent([Sent(row.id, row.version, result.message)])
            return
        level = logging.INFO if result.unwelcome else logging.ERROR
        log.log(level, "Not delivered: %s", result.error, extra={"action": "dead", "row": row.id})
        await self._outbox.dead(row.id, result.error)
        if result.blocked:
            await self._on_blocked(row.chat)


def _hand_over(parcel: _Parcel, lane: _Lane, result: Result) -> None:
    """Tell who waits, and what else is in line for the same message."""
    if parcel.done is not None and not parcel.done.done():
        parcel.done.set_result(result.message)
    for later in lane.parcels:
        if later.errand.row.id == parcel.errand.row.id and result.message:
            later.errand.row = replace(later.errand.row, message=result.message)


def _body(row: Row) -> Body | None:
    try:
        return Body.from_json(row.body) if row.body is not None else None
    except (ValueError, KeyError, TypeError):
        log.error("A body cannot be read", extra={"action": "deliver", "row": row.id})  # noqa: TRY400
        return None
