"""The one writer: whatever waits is written together and committed once.

A commit costs more than a statement, and a change of threads more than a row. So the writer
takes all that was submitted while it was busy, runs each kind of operation once with all its
items, commits once, and only then tells those who wait. If an operation fails, nothing of the
group is kept and each item is run again alone: only the guilty one fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engines import Engines
from storage.errors import StorageBroken, explained
from storage.tables import pulse

GROUP = 500  # submissions in one transaction, so that the first one need not wait for thousands

COURTESY = 0.002
"""Seconds by which waiting for the disk lets go first who works on what was just written."""

Op = Callable[[AsyncConnection, Sequence[Any]], Awaitable[Sequence[Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Submission:
    """One item for one operation, and the future of its result."""

    op: Op
    item: Any
    durable: bool
    result: asyncio.Future[Any]

    def succeed(self, value: Any) -> None:
        """Hand over the result, unless nobody waits any more."""
        if not self.result.done():
            self.result.set_result(value)

    def fail(self, error: BaseException) -> None:
        """Hand over the error, unless nobody waits any more."""
        if not self.result.done():
            self.result.set_exception(error)


class _UnsureError(Exception):
    """Disk or connection failed at the commit: it may have been done, so nothing is repeated."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Writer:
    """Owns the writing connection; `run` is its task."""

    def __init__(self, connection: AsyncConnection, engines: Engines, *, durable: bool) -> None:
        self._connection = connection
        self._engines = engines
        self._durable = durable
        self._queue: asyncio.Queue[Submission | None] = asyncio.Queue()
        self._soft = False  # something is committed that a power cut could still take away
        self._stopped = False

    async def submit(self, op: Op, item: Any, *, durable: bool) -> Any:
        """Have the item written; comes back when it is committed."""
        if self._stopped:
            raise StorageBroken("the database has been closed")
        result = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(Submission(op, item, durable and self._durable, result))
        return await result

    async def harden(self) -> None:
        """Come back when all that was committed so far survives a power cut."""
        if not (self._soft and self._durable):
            return
        await asyncio.sleep(COURTESY)
        if self._soft and not self._stopped:  # stopping hardens by itself
            await self.submit(_beat, None, durable=True)

    def stop(self) -> None:
        """Let `run` end after all that has been submitted."""
        self._stopped = True
        self._queue.put_nowait(None)

    async def close(self) -> None:
        """Let go of the connection, after `run` has ended."""
        await self._connection.close()

    async def run(self) -> None:
        """Write until stopped; whoever still waits when this is cancelled is cancelled too."""
        try:
            while group := await self._next_group():
                await self._perform(group)
            if self._soft and self._durable:
                await self._beat_once()
        finally:
            self._stopped = True
            while not self._queue.empty():
                if left := self._queue.get_nowait():
                    left.result.cancel()

    async def _beat_once(self) -> None:
        last = Submission(_beat, None, True, asyncio.get_running_loop().create_future())
        await self._perform([last])
        await last.result

    async def _next_group(self) -> list[Submission]:
        first = await self._queue.get()
        group = [first] if first else []
        while group and not self._queue.empty() and len(group) < GROUP:
            following = self._queue.get_nowait()
            if following is None:
                self._queue.put_nowait(None)  # it comes again after this group
                break
            group.append(following)
        return group

    async def _perform(self, group: Sequence[Submission]) -> None:
        try:
            results = await self._engines.run(self._connection, self._transact(group))
        except asyncio.CancelledError:
            for one in group:
                one.result.cancel()
            raise
        except Exception as error:  # noqa: BLE001  # it belongs to those who wait
            await self._blame(group, error)
        else:
            for one, value in zip(group, results, strict=True):
                one.succeed(value)

    async def _blame(self, group: Sequence[Submission], error: Exception) -> None:
        if len(group) > 1 and not isinstance(error, _UnsureError):
            for one in group:
                await self._perform([one])
            return
        cause = error.cause if isinstance(error, _UnsureError) else error
        told = explained(cause)
        if told is not cause:
            told.__cause__ = cause
        for one in group:
            one.fail(told)

    async def _transact(self, group: Sequence[Submission]) -> list[Any]:
        durable = any(one.durable for one in group)
        hardens = any(one.op is _beat for one in group)
        try:
            await self._begin(durable=durable)
            results = await self._apply(group)
        except BaseException:
            await self._connection.rollback()
            raise
        self._soft = self._soft or not durable
        try:
            await self._connection.commit()
        except DBAPIError as error:
            await self._connection.rollback()
            if isinstance(explained(error), StorageBroken):
                raise _UnsureError(error) from error
            raise
        if hardens:
            self._soft = False
        return results

    async def _begin(self, *, durable: bool) -> None:
        try:
            await self._engines.begin(self._connection, durable=durable)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            await self._connection.rollback()  # the next statement connects anew
            await self._engines.begin(self._connection, durable=durable)

    async def _apply(self, group: Sequence[Submission]) -> list[Any]:
        kinds: dict[Op, list[int]] = {}
        for place, one in enumerate(group):
            kinds.setdefault(one.op, []).append(place)
        results: list[Any] = [None] * len(group)
        for op, places in kinds.items():
            values = await op(self._connection, [group[place].item for place in places])
            for place, value in zip(places, values, strict=True):
                results[place] = value
        return results


async def _beat(connection: AsyncConnection, items: Sequence[None]) -> Sequence[None]:
    # A commit that writes nothing would not reach the disk, and neither would the earlier ones.
    await connection.execute(update(pulse).values(beat=pulse.c.beat + 1))
    return items
