"""A crowd that wants films at the same moment, and a disk without room for them."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from playground.server import Playground
from tests.fakes.comfyui import FakeComfy
from tests.fakes.ollama import FakeOllama
from tests.program import PATIENCE, Program, ollama, running
from tests.program.conftest import Make
from tests.program.house import House
from tests.program.test_makings import Studio, comfy, given
from tests.services.clips.films import film
from tests.services.ground import until
from tests.telegram import Person

PEOPLE, EACH, QUEUE = 50, 2, 20
LIMITS = f"""
[quota.video]
queue_limit = {QUEUE}
per_user_waiting = 1
"""


@pytest.fixture
async def studio(program: Make, play: Playground, model: FakeOllama) -> AsyncIterator[Studio]:
    """The program, its worker at work."""
    async with FakeComfy() as fake:
        bot = program(ollama(model.url) + comfy(fake.url), LIMITS)
        async with running(bot):
            made = Studio(House(play, model, bot), fake)
            await made.at_work()
            yield made
            await made.house.put_away()


def states(bot: Program) -> Counter[tuple[str, str]]:
    """How many jobs there are of each task that came of the orders, by their state."""
    with closing(sqlite3.connect(bot.folder / "data" / "hearthbot.db")) as database:
        rows = database.execute(
            "SELECT task, state FROM jobs WHERE task IN ('film', 'over_quota_video')"
        )
        return Counter(rows.fetchall())


async def test_a_hundred_orders_of_fifty_people_at_the_same_moment(studio: Studio) -> None:
    """As many as the queue takes are made and charged; everybody else is told why not."""
    studio.comfy.work.free.clear()
    crowd = [await studio.house.person(f"P{number}") for number in range(PEOPLE)]
    orders = [
        {"user_id": one.user_id, "chat_id": one.chat_id, "text": "/video waves --seconds 1"}
        for _ in range(EACH)
        for one in crowd
    ]
    await crowd[0].act("send_many", messages=orders)
    refused = PEOPLE * EACH - QUEUE
    await until(lambda: states(studio.bot)["over_quota_video", "done"] == refused, PATIENCE)
    assert QUEUE == sum(n for (task, _), n in states(studio.bot).items() if task == "film")
    assert Counter({("video", "reserved"): QUEUE}) == Counter(studio.ledger())
    studio.comfy.work.free.set()
    await until(lambda: states(studio.bot)["film", "done"] == QUEUE, 3 * PATIENCE)
    assert Counter({("video", "settled"): QUEUE}) == Counter(studio.ledger())
    assert QUEUE == studio.posted()
    told = [await answers(one) for one in crowd]
    assert all(len(one) == EACH for one in told)
    assert QUEUE == sum(given(message) for one in told for message in one)


async def answers(person: Person) -> list[dict[str, object]]:
    """All that somebody was told in the end: one word or work for each order."""
    async with asyncio.timeout(PATIENCE):
        while True:
            told = [one for one in await person.replies() if "Cancel" not in str(one)]
            if len(told) >= EACH:
                return told
            await person.wait_event(timeout=PATIENCE)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
@pytest.mark.parametrize(
    ("room", "tries"),
    [pytest.param(4096, 1, id="for nothing"), pytest.param(4 << 20, 3, id="for all but the film")],
)
async def test_a_film_that_finds_no_room_on_the_disk_is_made_once_there_is(
    studio: Studio, tmp_path: Path, room: int, tries: int
) -> None:
    """Nothing is lost and nothing is charged twice; talk goes on meanwhile."""
    whole = film(tmp_path / "large.mp4").read_bytes()
    studio.comfy.work.instead = whole + struct.pack(">I4s", 8 << 20, b"free") + bytes((8 << 20) - 8)
    zoe = await studio.house.person()
    worker = await studio.at_work()
    studio.comfy.work.free.clear()
    await zoe.send("/video waves --seconds 2")
    await studio.begun()
    before = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (room, before[1]))
    studio.comfy.work.free.set()
    await until(lambda: studio.bot.log.read_text().count("[retry]") >= tries, PATIENCE)
    await zoe.send("Hello")
    await zoe.wait_reply(lambda m: m.get("text") == "You said: Hello", timeout=PATIENCE)
    assert [("video", "reserved")] == studio.ledger()
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, before)
    await zoe.wait_reply(given, timeout=2 * PATIENCE)
    assert 1 == len(await studio.works(zoe))
    assert 1 == studio.posted()
    assert [("video", "settled")] == studio.ledger()
