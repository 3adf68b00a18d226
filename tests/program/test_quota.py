"""People ask what they have left, administrators give more, and renewals are told in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio

from domain.messages import Incoming, Place
from domain.messages import Person as Somebody
from playground.server import Playground
from services.clockwork import Clockwork
from services.quota.reminders import RENEWED
from storage.database import Database
from storage.jobs import Jobs, NewJob
from storage.quotas import Amounts, Charge
from storage.schedule import Entries
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import PATIENCE, Program, ollama, running, table, write_config
from tests.program.house import House, echo
from tests.telegram import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN = 42
RULES = f"""
[access]
admins = [{ADMIN}]
[quota.video]
per_day = 5
timezone = "Europe/Kyiv"
[quota.hear]
minutes_per_day = 30
"""
STUDIO = table(
    "video", use="services.backends.comfyui:ComfyVideo", url="http://127.0.0.1:1", workflow="film"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A program with somebody who makes films, five a day for each."""
    folder = tmp_path_factory.mktemp("studio")
    async with Playground() as play, FakeOllama(Script(echo)) as model:
        write_config(folder, play.url, ollama(model.url) + STUDIO, RULES)
        async with running(Program(folder, play.url)) as started:
            made = House(play, model, started)
            anybody = await made.person()
            await anybody.act("users", id=ADMIN, first_name="Boss", language_code="en")
            yield made
            await made.put_away()


def boss(house: House, chat: int = ADMIN) -> Person:
    """The administrator, in private or elsewhere."""
    person = Person(house.play.url, ADMIN, chat)
    house.people.append(person)
    return person


async def test_quota_is_told_under_a_picture(house: House) -> None:
    """One message: the last days drawn, and what is left below."""
    ann = await house.person("Ann", "uk")
    await ann.send("/quota")
    told = await ann.wait_reply(lambda m: "photo" in m)
    assert told["caption"].startswith("Відео\nсьогодні: лишилося 5 з 5\nНові з'являться завтра о ")
    assert 1 == len(await ann.replies())


async def test_a_gift_is_told_to_both_and_counts(house: House) -> None:
    """As a reply in a group; whoever gets it is told in private."""
    ann = await house.person("Ann")
    await ann.send("/help")
    await ann.wait_reply(lambda m: "/quota" in m["text"])
    group = await house.group(ann, boss(house))
    there, chief = house.there(ann, group), boss(house, group)
    wish = await there.send("More films, please!")
    await chief.send("/grant 3 videos", reply_to_message_id=wish["message_id"])
    said = await chief.wait_reply(lambda m: "Ann has more" in m["text"])
    assert "Ann has more for today: 3 videos." == said["text"]
    told = await ann.wait_reply(lambda m: "gave you" in m["text"])
    assert "An administrator gave you more for today: 3 videos." == told["text"]
    await ann.send("/quota")
    told = await ann.wait_reply(lambda m: "photo" in m)
    assert "today: 8 of 8 left" in told["caption"]


async def test_only_administrators_give_and_read_of_it(house: House) -> None:
    """Others are told so, and do not see it in the list."""
    ann, chief = await house.person("Ann"), boss(house)
    await ann.send(f"/grant {ann.user_id} video 3")
    await ann.wait_reply(lambda m: m["text"] == "Only administrators may give more.")
    for person, reads in ((ann, False), (chief, True)):
        await person.send("/help")
        listed = await person.wait_reply(lambda m: "/quota" in m["text"])
        assert reads == ("/grant" in listed["text"])


async def test_an_order_that_is_not_clear_is_explained(house: House) -> None:
    """With an example; a stranger gets what was meant for them all the same."""
    chief = boss(house)
    await chief.send("/grant some")
    await chief.wait_reply(lambda m: "/grant 12345 video 3" in m["text"])
    await chief.send("/grant 777 video 3 daily")
    said = await chief.wait_reply(lambda m: "777" in m["text"])
    assert said["text"] == (
        "777 has 3 videos a day from now on. "
        "I could not tell them: they have not written to me in private."
    )


async def test_whoever_is_refused_may_ask_to_be_told(house: House) -> None:
    """The promise takes the place of the refusal, and stands in the schedule."""
    ann = await house.person("Ann")
    await ann.send("/language")
    await ann.wait_reply()
    said = Incoming(Place(ann.chat_id), 0, Somebody(ann.user_id, "Ann", "en"), "a cat")
    charge = Charge("video", 4.0, "2026-01-31", Amounts(per_day=0), instead="over_quota_video")
    async with await Database.open(f"sqlite:///{file_of(house)}") as database:
        await Jobs(database).add([NewJob("film", "video", said, charge=charge)])
    refusal = await ann.wait_reply(lambda m: "left today" in m["text"])
    assert refusal["text"].startswith("You have no videos left today. New ones come tomorrow at ")
    await ann.press(refusal, "Tell me when")
    promise = await ann.wait_reply(lambda m: "I will tell you" in m["text"])
    assert refusal["message_id"] == promise["message_id"]
    key = f"{RENEWED} video {ann.user_id}"
    assert await asyncio.to_thread(entered, house, lambda one: one.get_job(key))


async def test_a_renewal_is_told_once_however_often_the_program_dies(house: House) -> None:
    """What fell due while it was down is told when it is back, and never again."""
    ann = await house.person("Ann")
    await ann.send("/help")
    await ann.wait_reply()
    await house.program.kill()  # the last test in this house
    said = Incoming(Place(ann.chat_id), 0, Somebody(ann.user_id, "Ann", "en"), "video")
    moment = datetime.now(UTC) - timedelta(hours=1)
    words = ("video", f"{moment.timestamp():.0f}", said.to_json())
    for command in ("/status", "/language"):
        await asyncio.to_thread(entered, house, lambda one: one.once("a", moment, RENEWED, *words))
        await house.program.start_polling()
        await struck_off(house)
        await ann.send(command)  # what is answered after it was told before
        await ann.wait_reply(lambda m: "5 videos" not in m["text"])
        await house.program.kill()
    told = [m["text"] for m in await ann.replies() if "videos" in m["text"]]
    assert ["You have 5 videos left today."] == told


T = TypeVar("T")


def entered(house: House, do: Callable[[Clockwork], T]) -> T:
    """Do something with the schedule of the program."""
    clockwork = Clockwork(Entries(f"sqlite:///{file_of(house)}"), lambda *_: None, lambda: None)
    clockwork.start()
    try:
        return do(clockwork)
    finally:
        clockwork.shutdown()


def file_of(house: House) -> Path:
    """The database of the program."""
    return house.program.folder / "data" / "hearthbot.db"


async def struck_off(house: House) -> None:
    """Wait until the entry is gone."""
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(entered, house, lambda one: one.get_job("a")):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
