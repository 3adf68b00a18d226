"""What the tests of the services share."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.backends.ollama import OllamaChat
from services.candidates import Candidate
from services.chain import Chain
from services.skills import ChatModel
from services.wire import Wire
from storage.database import Database
from storage.migrate import migrate
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.serving import Script
from tests.services.chained import QUICK
from tests.services.ground import Ground, until
from tests.services.room import Room


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """A wire that is closed afterwards."""
    wire = Wire()
    yield wire
    await wire.aclose()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database in its newest form; to copy it is quicker than to migrate."""
    file = tmp_path_factory.mktemp("services") / "empty.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
async def ground(empty_database: Path, tmp_path: Path) -> AsyncIterator[Ground]:
    """A database of the test's own, and the parts that remember things in it."""
    file = shutil.copy(empty_database, tmp_path / "test.db")
    async with await Database.open(f"sqlite:///{file}", durable=False) as database:
        yield Ground(database)


@pytest.fixture
async def room(ground: Ground, wire: Wire) -> AsyncIterator[Room]:
    """A room with a model that is up."""
    async with FakeOllama(Script("Fine."), Models(("m", "other"))) as model:
        backend: ChatModel = OllamaChat(wire, model.url, "m", label="Kitchen")
        async with Chain("chat", [Candidate(backend, slots=2)], QUICK) as chain:
            await until(lambda: all(one.models for one in chain.state()))
            yield Room(ground, model, chain)
