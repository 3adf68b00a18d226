"""SQLite at one change of threads a statement.

SQLAlchemy asks an asynchronous driver for a cursor, runs a statement, fetches its rows and
closes the cursor: four changes of threads, each of which costs more than the statement. This
connection does all four in one, and opens the transaction of a writer in the same one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import aiosqlite

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
        await self._connection.hop(self._run, sqlite3.Cursor.execute, statement, parameters)

    async def executemany(self, statement: str, rows: Iterable[Iterable[Any]]) -> None:
        """Run one statement once for each row of parameters."""
        await self._connection.hop(self._run, sqlite3.Cursor.executemany, statement, rows)

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

    async def hop(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run the function in the connection's own thread."""
        return await self._execute(function, *arguments)  # type: ignore[no-untyped-call]

    async def aside(self, statement: str) -> None:
        """Run a statement that no transaction may surround, such as a PRAGMA."""
        await self.hop(lambda: self._conn.execute(statement).close())

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


def _connect(file: Path, pragmas: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()
    except BaseException:
        connection.close()
        raise
    return connection
