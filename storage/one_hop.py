"""SQLite at one change of threads a transaction.

A change of threads costs several times more than the statement it is made for, and an
asynchronous driver makes four for each: for the cursor, the statement, its rows and the end.
Here a whole coroutine is carried to the connection's own thread and run to its end there; what
it awaits is the connection, which answers at once when it is asked in its own thread.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

T = TypeVar("T")

BUSY_SECONDS = 15.0


class OneHopCursor:
    """A cursor whose rows are fetched, and which is closed, before `execute` comes back."""

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> None:
        """Run one statement and keep its rows."""
        await self._connection.reach(self._run, sqlite3.Cursor.execute, statement, parameters)

    async def executemany(self, statement: str, rows: Iterable[Iterable[Any]]) -> None:
        """Run one statement once for each row of parameters."""
        await self._connection.reach(self._run, sqlite3.Cursor.executemany, statement, rows)

    async def fetchall(self) -> Sequence[Any]:
        """All rows of the last statement; they are here already."""
        return self._rows

    async def close(self) -> None:
        """Nothing is left to close."""

    def _run(self, run: Callable[..., Any], statement: str, parameters: Iterable[Any]) -> None:
        cursor = self._connection.opened()
        try:
            run(cursor, statement, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else ()
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()


class OneHopConnection(aiosqlite.Connection):
    """An aiosqlite connection that hands out one-hop cursors.

    A writer's connection begins its transaction, with the right to write, before the first
    statement. A reader's never begins one: each statement sees what was committed last.
    """

    def __init__(self, file: Path, pragmas: Sequence[str], *, writes: bool) -> None:
        super().__init__(lambda: _connect(file, pragmas), iter_chunk_size=64)
        self._writes = writes
        self._thread.daemon = True  # a program that ends in an error must not wait for us
        self._thread.name = "storage writer" if writes else "storage reader"

    def cursor(self) -> OneHopCursor:  # type: ignore[override]  # no hop to make a cursor
        """A cursor, without going to the other thread for it."""
        return OneHopCursor(self)

    async def reach(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Call a function in the connection's own thread."""
        await self._execute(function, *arguments)

    async def carry(self, work: Coroutine[Any, Any, T]) -> T:
        """Run work that awaits nothing but this connection in the connection's own thread."""
        result: T = await self._execute(_finished, work)
        return result

    async def aside(self, statement: str) -> None:
        """Run a statement that no transaction may surround, such as a PRAGMA."""
        await self._execute(lambda: self._conn.execute(statement).close())

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a function in the connection's own thread, all of aiosqlite's included."""
        if threading.get_ident() == self._thread.ident:
            return fn(*args, **kwargs)
        work = super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        hop = asyncio.get_running_loop().create_task(work, name="storage hop")
        try:
            return await asyncio.shield(hop)
        except asyncio.CancelledError:
            await _over(hop)
            raise

    async def commit(self) -> None:
        """Commit, if there is anything to commit."""
        if self.in_transaction:
            await super().commit()

    async def rollback(self) -> None:
        """Roll back, if there is anything to roll back."""
        if self.in_transaction:
            await super().rollback()

    def opened(self) -> sqlite3.Cursor:
        """A real cursor, inside a transaction if this connection writes; for its own thread."""
        cursor = self._conn.cursor()
        if self._writes and not self._conn.in_transaction:
            cursor.execute("BEGIN IMMEDIATE")
        return cursor


async def _over(hop: asyncio.Task[Any]) -> None:
    """Wait for a thread that cannot be stopped: the next to come must find it idle."""
    while not hop.done():
        with suppress(asyncio.CancelledError):  # the one who is cancelled passes it on
            await asyncio.wait([hop])


def _connect(file: Path, pragmas: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in pragmas:
            _set(connection, pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def _set(connection: sqlite3.Connection, pragma: str) -> None:
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.OperationalError as error:
            # SQLite waits for a lock by itself, but not where the kind of journal changes.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _finished(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that has nothing to wait for."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("work in the database may await nothing but its connection")
