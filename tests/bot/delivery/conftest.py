"""A playground, a real outbox, and everything between them."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.delivery.pace import Pace
from bot.delivery.session import open_bot
from playground.server import Playground
from services.files import Shelf
from storage.database import Database
from tests.bot.delivery.way import GROUP, WORKSHOP, Delivery
from tests.telegram import Person as Somebody


@pytest.fixture
async def play() -> AsyncIterator[Playground]:
    """A playground of one's own."""
    async with Playground() as running:
        yield running


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a new database, made once and copied, because migrations take their time."""
    file = tmp_path_factory.mktemp("empty") / "hearthbot.db"

    async def make() -> None:
        await (await Database.open(f"sqlite:///{file}", durable=False)).close()

    asyncio.run(make())
    return file


@pytest.fixture
def database_file(empty_database: Path, tmp_path: Path) -> Path:
    """The file of the database."""
    return Path(shutil.copy(empty_database, tmp_path))


@pytest.fixture
async def database(database_file: Path) -> AsyncIterator[Database]:
    """A real database."""
    opened = await Database.open(f"sqlite:///{database_file}", durable=False)
    yield opened
    await opened.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf for files that go out."""
    return Shelf(tmp_path / "outgoing")


@pytest.fixture
async def delivery(play: Playground, database: Database, shelf: Shelf) -> AsyncIterator[Delivery]:
    """Delivery with its courier at work."""
    pace = Pace()
    bot = open_bot(play.token, play.url, pace.hold)
    made = Delivery(play, database, bot, pace, shelf)
    async with asyncio.TaskGroup() as group:
        group.create_task(made.courier.run(), name="courier")
        yield made
        await made.courier.aclose(1.0)
    await bot.session.close()


@pytest.fixture
async def ann(play: Playground) -> AsyncIterator[Somebody]:
    """Ann in her private chat."""
    async with Somebody(play.url, 1) as somebody:
        yield somebody


@pytest.fixture
async def oksana_in_family(play: Playground) -> AsyncIterator[Somebody]:
    """Oksana in the family's group."""
    async with Somebody(play.url, 2, GROUP) as somebody:
        yield somebody


@pytest.fixture
async def ivan_in_workshop(play: Playground) -> AsyncIterator[Somebody]:
    """Ivan in the workshop's forum."""
    async with Somebody(play.url, 3, WORKSHOP) as somebody:
        yield somebody


@pytest.fixture
async def play_people(play: Playground) -> AsyncIterator[list[Somebody]]:
    """Four people in their private chats, and two in groups."""
    chats = [(1, 1), (2, 2), (3, 3), (4, 4), (2, GROUP), (3, WORKSHOP)]
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(Somebody(play.url, person, chat))
            for person, chat in chats
        ]
