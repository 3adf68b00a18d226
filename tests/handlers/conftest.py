"""Updates as Telegram sends them go in, jobs come out."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.migrate import migrate
from tests.handlers.post import Post
from tests.services.ground import Ground


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database in its newest form; to copy it is quicker than to migrate."""
    file = tmp_path_factory.mktemp("handlers") / "empty.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
async def post(empty_database: Path, tmp_path: Path) -> AsyncIterator[Post]:
    """The way of an update to its job, over a database of the test's own."""
    file = shutil.copy(empty_database, tmp_path / "test.db")
    async with await Database.open(f"sqlite:///{file}", durable=False) as database:
        yield Post(Ground(database))
