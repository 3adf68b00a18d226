"""One database: grouped writes, pooled reads, and a way to be sure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engines import Engines, engines_for
from storage.errors import StorageBroken, explaining
from storage.migrate import migrate
from storage.readers import Query, Readers
from storage.writer import Writer

I = TypeVar("I")  # noqa: E741  # an item, as R is a result
R = TypeVar("R")
T = TypeVar("T")

Op = Callable[[AsyncConnection, Sequence[I]], Awaitable[Sequence[R]]]


class Database:
    """Where everything is remembered; made by `open`, ended by `close`."""

    def __init__(self, engines: Engines, writing: AsyncEngine, writer: Writer) -> None:
        self._writing = writing
        self._readers = Readers(engines)
        self._writer = writer
        self._task = asyncio.create_task(writer.run(), name="storage writer")
        self._closed = False

    @classmethod
    async def open(
        cls, url: str, *, backup_dir: Path | None = None, durable: bool = True
    ) -> Database:
        """Open the database, brought to the newest form.

        A copy of an SQLite file is made in `backup_dir` (default: beside the file) before its
        form changes. Raises StorageBroken or StorageFull and leaves the file as it was.
        Without `durable` nothing waits for the disk: right for tests, wrong for people.
        """
        engines = engines_for(url)
        with explaining():
            await asyncio.to_thread(migrate, url, backup_dir)
            return await cls._connect(engines, durable=durable)

    @classmethod
    async def _connect(cls, engines: Engines, *, durable: bool) -> Database:
        writing = engines.writer()
        try:
            connection = await writing.connect()
        except BaseException:
            await writing.dispose()
            raise
        return cls(engines, writing, Writer(connection, engines, durable=durable))

    async def write(self, op: Op[I, R], item: I, *, durable: bool = False) -> R:
        """Have `op` write the item, together with what others submit at the same time.

        Comes back with its result when it is committed; a durable one survives a power cut.
        Cancelling the caller does not undo the write.
        """
        if self._closed or self._task.done():
            raise StorageBroken("the database has been closed")
        result: R = await self._writer.submit(op, item, durable=durable)
        return result

    async def read(self, query: Query[T]) -> T:
        """Run a query that changes nothing; it sees what was committed last."""
        return await self._readers.read(query)

    async def harden(self) -> None:
        """Come back when all that was committed so far survives a power cut."""
        if not self._closed:
            await self._writer.harden()

    async def close(self) -> None:
        """Write what was submitted, make it hard, and let go of the database."""
        if self._closed:
            return
        self._closed = True
        self._writer.stop()
        try:
            await self._task
        finally:
            await self._writer.close()
            await self._readers.close()
            await self._writing.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
