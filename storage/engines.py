"""What differs between SQLite and PostgreSQL: how to connect, and how one writer is alone.

On both, all writing transactions of all programs come one after the other: SQLite's
`BEGIN IMMEDIATE` does that by itself, PostgreSQL is told to by an advisory lock. So a claim
never races a claim, and the statements are the same.
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from domain.errors import ConfigError
from storage.one_hop import OneHopConnection

T = TypeVar("T")

READERS = 3
WRITE_LOCK = 0x48454152  # any number, as long as every Hearthbot takes the same one

_COMMON = ("temp_store = MEMORY", "cache_size = -16000")
_READER = ("query_only = ON", *_COMMON)
_WRITER = (
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "journal_size_limit = 67108864",
    *_COMMON,
)


class Engines(Protocol):
    """A way to connect to one kind of database."""

    def writer(self) -> AsyncEngine:
        """The engine of the one writing connection."""

    def readers(self) -> AsyncEngine:
        """The engine of a few connections that only read."""

    async def run(self, connection: AsyncConnection, work: Coroutine[Any, Any, T]) -> T:
        """Run work that awaits nothing but the connection, at the least cost."""

    async def begin(self, connection: AsyncConnection, *, durable: bool) -> None:
        """Begin a transaction that writes; durable ones reach the disk with their commit."""


def engines_for(url: str) -> Engines:
    """The right engines for a `sqlite:///file` or a `postgresql://` address."""
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return SqliteEngines(sqlite_file(parsed))
    if kind == "postgresql":
        return PostgresEngines(parsed.set(drivername="postgresql+psycopg"))
    raise ConfigError(f"database_url: {kind!r} is not known; use sqlite:///file or postgresql://")


def sqlite_file(url: URL) -> Path:
    """The file of an SQLite address; there is no memory without a file."""
    if not url.database or url.database == ":memory:":
        raise ConfigError("database_url: SQLite needs a file, as in sqlite:///data/hearthbot.db")
    return Path(url.database)


@dataclass(slots=True)
class SqliteEngines:
    """One SQLite file in WAL mode."""

    file: Path
    _full: bool | None = field(default=None, init=False)

    def writer(self) -> AsyncEngine:
        """The engine of the one writing connection."""
        return create_async_engine(
            URL.create("sqlite+aiosqlite", database=str(self.file)),
            async_creator=lambda: OneHopConnection(self.file, _WRITER, writes=True),
            pool_size=1,
            max_overflow=0,
        )

    def readers(self) -> AsyncEngine:
        """The engine of a few connections that only read."""
        return create_async_engine(
            URL.create("sqlite+aiosqlite", database=str(self.file)),
            async_creator=lambda: OneHopConnection(self.file, _READER, writes=False),
            pool_size=READERS,
            max_overflow=0,
            pool_reset_on_return=None,
        )

    async def run(self, connection: AsyncConnection, work: Coroutine[Any, Any, T]) -> T:
        """Run the work in the connection's own thread."""
        return await (await _raw(connection)).carry(work)

    async def begin(self, connection: AsyncConnection, *, durable: bool) -> None:
        """Choose how far the commit goes; the first statement itself begins the transaction."""
        if durable == self._full:
            return
        self._full = None  # unknown, should the switch fail
        raw = await _raw(connection)
        await raw.aside(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self._full = durable


async def _raw(connection: AsyncConnection) -> OneHopConnection:
    raw = (await connection.get_raw_connection()).driver_connection
    assert isinstance(raw, OneHopConnection)  # noqa: S101  # our own creator made it
    return raw


@dataclass(frozen=True, slots=True)
class PostgresEngines:
    """A PostgreSQL server, through psycopg."""

    url: URL

    def writer(self) -> AsyncEngine:
        """The engine of the one writing connection."""
        return create_async_engine(self.url, pool_size=1, max_overflow=0)

    def readers(self) -> AsyncEngine:
        """The engine of a few connections that only read."""
        return create_async_engine(
            self.url,
            pool_size=READERS,
            max_overflow=0,
            pool_reset_on_return=None,
            isolation_level="AUTOCOMMIT",
        )

    async def run(
        self,
        connection: AsyncConnection,  # noqa: ARG002  # psycopg needs no thread of its own
        work: Coroutine[Any, Any, T],
    ) -> T:
        """Run the work where we are."""
        return await work

    async def begin(self, connection: AsyncConnection, *, durable: bool) -> None:
        """Wait until no other program writes, and choose how far the commit goes."""
        await connection.execute(
            select(
                func.pg_advisory_xact_lock(WRITE_LOCK),
                func.set_config("synchronous_commit", "on" if durable else "off", True),
            )
        )
