"""Lives of the program that end as suddenly as one that is killed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.delivery.newest import Newest
from bot.delivery.pace import Pace
from bot.delivery.session import open_bot
from playground.server import Playground
from services.files import Shelf
from storage.database import Database
from tests.bot.delivery.way import WORKER, Delivery

NO_SHELF = Shelf(Path("nowhere"))


@asynccontextmanager
async def a_life(
    play: Playground, database: Database, shelf: Shelf = NO_SHELF, name: str = WORKER
) -> AsyncIterator[Delivery]:
    """A life of the program; what the dead were sending is taken up at its start.

    Under another name it lives beside the first one.
    """
    pace = Pace()
    bot = open_bot(play.token, play.url, pace.hold)
    made = Delivery(play, database, bot, pace, shelf, Newest(), name)
    await made.courier.prepare(None if name == WORKER else {name})
    courier = asyncio.create_task(made.courier.run(), name="courier")
    try:
        yield made
    finally:
        courier.cancel()
        await asyncio.wait({courier})
        await bot.session.close()
