"""A few connections that only read, kept open: to borrow one costs nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engines import READERS, Engines
from storage.errors import StorageBroken, explaining

T = TypeVar("T")

Query = Callable[[AsyncConnection], Coroutine[Any, Any, T]]


class Readers:
    """Runs queries, a few at a time; those that come meanwhile wait in order."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._engine = engines.readers()
        self._room = asyncio.Semaphore(READERS)
        self._idle: list[AsyncConnection] = []
        self._closed = False

    async def read(self, query: Query[T]) -> T:
        """Run a query; it sees what was committed last."""
        async with self._room:
            if self._closed:
                raise StorageBroken("the database has been closed")
            with explaining():
                return await self._read(query)

    async def _read(self, query: Query[T]) -> T:
        connection = self._idle.pop() if self._idle else await self._engine.connect()
        try:
            found = await self._engines.run(connection, query(connection))
        except BaseException:
            await connection.close()  # it may be in any state: the next one is a fresh one
            raise
        self._idle.append(connection)
        return found

    async def close(self) -> None:
        """Let go of all connections, after the queries that run."""
        self._closed = True
        for _ in range(READERS):
            await self._room.acquire()
        while self._idle:
            await self._idle.pop().close()
        await self._engine.dispose()
        for _ in range(READERS):
            self._room.release()  # whoever still waits is told that it is too late
