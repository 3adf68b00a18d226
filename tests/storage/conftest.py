"""Databases for the tests: each test has its own, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest

from storage.database import Database
from storage.jobs import Jobs
from storage.migrate import migrate
from storage.outbox import Outbox
from storage.tables import metadata
from tests.storage.postgres_server import programs, server
from tests.storage.workshop import Clock, Talk

MakeUrl = Callable[[], str]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database in its newest form; to copy it is quicker than to migrate."""
    file = tmp_path_factory.mktemp("template") / "empty.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_home() -> Iterator[str]:
    """The folder of the socket of a PostgreSQL server."""
    folder = programs()
    if folder is None:
        pytest.skip("the programs of a PostgreSQL server are not installed")
    with server(folder) as home:
        yield home


@dataclass(slots=True)
class Shelf:
    """Databases of a server in their newest form; used ones are emptied and used again."""

    home: str
    free: list[str] = field(default_factory=list)
    made: int = 0

    def take(self) -> str:
        """The name of an empty database."""
        if self.free:
            return self.free.pop()
        self.made += 1
        name = f"test{self.made}"
        _run(_address(self.home, "postgres"), f"CREATE DATABASE {name} TEMPLATE empty")
        return name

    def give_back(self, name: str) -> None:
        """Empty a database, unless a test has left it without our tables."""
        every = ", ".join(metadata.tables)
        with suppress(psycopg.Error):
            _run(_address(self.home, name), f"TRUNCATE {every}")
            _run(_address(self.home, name), "INSERT INTO pulse VALUES (1, 0)")
            self.free.append(name)


@pytest.fixture(scope="session")
def shelf(postgres_home: str) -> Shelf:
    """The databases of the server."""
    _run(_address(postgres_home, "postgres"), "CREATE DATABASE empty")
    migrate(_address(postgres_home, "empty"))
    return Shelf(postgres_home)


@pytest.fixture
def make_postgres_url(shelf: Shelf) -> Iterator[MakeUrl]:
    """Hand out databases in their newest form, which are emptied after the test."""
    taken: list[str] = []

    def make() -> str:
        taken.append(shelf.take())
        return _address(shelf.home, taken[-1])

    yield make
    for name in taken:
        shelf.give_back(name)


@pytest.fixture
def make_sqlite_url(sqlite_template: Path, tmp_path: Path) -> MakeUrl:
    """Make database files in their newest form."""
    numbers = count(1)

    def make() -> str:
        file = shutil.copy(sqlite_template, tmp_path / f"test{next(numbers)}.db")
        return f"sqlite:///{file}"

    return make


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def make_url(request: pytest.FixtureRequest) -> MakeUrl:
    """Make databases of one kind; whoever asks for this is run once for each kind."""
    make: MakeUrl = request.getfixturevalue(f"make_{request.param}_url")
    return make


@pytest.fixture
def url(make_url: MakeUrl) -> str:
    """The address of a new database."""
    return make_url()


@pytest.fixture
async def opened() -> AsyncIterator[Callable[[str], object]]:
    """Open databases that are closed after the test."""
    async with AsyncExitStack() as stack:

        async def open_one(url: str) -> Database:
            return await stack.enter_async_context(await Database.open(url, durable=False))

        yield open_one


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """A new database, open."""
    async with await Database.open(url, durable=False) as database:
        yield database


@pytest.fixture
def clock() -> Clock:
    """A clock to turn."""
    return Clock()


@pytest.fixture
def talk() -> Talk:
    """People to listen to."""
    return Talk()


@pytest.fixture
def jobs(database: Database, clock: Clock) -> Jobs:
    """The jobs of the database."""
    return Jobs(database, clock)


@pytest.fixture
def outbox(database: Database, clock: Clock) -> Outbox:
    """The outbox of the database."""
    return Outbox(database, clock, "w")


def _run(address: str, statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statements.encode())


def _address(home: str, name: str) -> str:
    return f"postgresql://tester@/{name}?host={home}"
