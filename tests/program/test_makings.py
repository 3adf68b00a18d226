"""Pictures, films and GIFs through the whole program: cancelled, killed, given and charged once."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass

import psutil
import pytest

from playground.server import Playground
from tests.fakes.comfyui import FakeComfy
from tests.fakes.ollama import FakeOllama
from tests.program import PATIENCE, ROOT, Program, ollama, running, table
from tests.program.conftest import Make
from tests.program.house import House, buttons
from tests.services.comfy_asked import png
from tests.services.ground import until
from tests.telegram import Person, Record

QUOTA = """
[quota.video]
per_day = 2
"""


def comfy(url: str) -> str:
    """The tables of a ComfyUI that draws and films without any weights."""
    image = table(
        "image",
        use="services.backends.comfyui:ComfyImage",
        url=url,
        workflow="try-picture",
        start_workflow="try-picture-from-picture",
        poll=0.5,
    )
    video = table(
        "video",
        use="services.backends.comfyui:ComfyVideo",
        url=url,
        workflow="try-animation",
        start_workflow="try-animation-from-picture",
        poll=0.5,
    )
    return image + video


def given(message: Record) -> bool:
    """Whether it is a work with what was asked for under it."""
    made = any(kind in message for kind in ("photo", "video", "animation", "document"))
    return made and "Cancel" not in buttons(message)


def waits(message: Record) -> bool:
    """Whether it can be cancelled."""
    return "Cancel" in buttons(message)


@dataclass(slots=True)
class Studio:
    """A program with a ComfyUI."""

    house: House
    comfy: FakeComfy

    @property
    def bot(self) -> Program:
        """The program."""
        return self.house.program

    def posted(self) -> int:
        """How many prompts were taken."""
        return len([one for one in self.comfy.to("/prompt") if one.body])

    async def begun(self) -> None:
        """Wait until the server is at work and does not get on."""
        async with asyncio.timeout(PATIENCE):
            await self.comfy.work.stepped.wait()

    async def at_work(self, lives: int = 1) -> psutil.Process:
        """The worker process, once it has begun for the so many-th time."""
        words = "worker: bot.working [ready]"
        await until(lambda: self.bot.log.read_text().count(words) >= lives, PATIENCE)
        assert self.bot.process
        children = psutil.Process(self.bot.process.pid).children()
        [one] = [child for child in children if "--fed" in child.cmdline()]
        return one

    def ledger(self) -> list[tuple[str, str]]:
        """The skill and the state of each entry."""
        with closing(sqlite3.connect(self.bot.folder / "data" / "hearthbot.db")) as database:
            return database.execute("SELECT skill, state FROM ledger ORDER BY id").fetchall()

    async def works(self, person: Person) -> list[Record]:
        """All works that somebody was given."""
        return [one for one in await person.replies() if given(one)]


@pytest.fixture
async def studio(program: Make, play: Playground, model: FakeOllama) -> AsyncIterator[Studio]:
    """The program, its worker at work."""
    async with FakeComfy() as fake:
        bot = program(ollama(model.url) + comfy(fake.url), QUOTA, telegram="stop_seconds = 2")
        async with running(bot):
            made = Studio(House(play, model, bot), fake)
            await made.at_work()
            yield made
            await made.house.put_away()


async def test_a_picture_comes_with_its_settings_and_the_wait_is_taken_away(
    studio: Studio,
) -> None:
    """One message is left: the picture, what was asked for, and the buttons for more."""
    studio.comfy.work.free.clear()
    zoe = await studio.house.person()
    await zoe.send("/image a red fox")
    shown = await zoe.wait_reply(waits)
    assert shown["text"].startswith(("Drawing…", "Getting ready…", "You are the next"))
    studio.comfy.work.free.set()
    picture = await zoe.wait_reply(given)
    assert picture["caption"].startswith("a red fox\nClouds (a try) · 768 × 768 · seed ")
    assert "🎲 Another" in buttons(picture)
    await zoe.wait_event(lambda e: e["type"] == "delete")
    assert [picture["message_id"]] == [one["message_id"] for one in await zoe.replies()]
    await zoe.press(picture, "▭ Wide")
    wide = await zoe.wait_reply(lambda m: given(m) and m != picture)
    assert picture["caption"].split("seed ")[1][:4] == wide["caption"].split("seed ")[1][:4]


async def test_a_graph_of_ones_own_is_a_style(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """Dropped into a folder it is offered by its title; what enlarges a picture is there, too."""
    async with FakeComfy() as fake:
        bot = program(ollama(model.url) + comfy(fake.url))
        folder = bot.folder / "data" / "workflows"
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "workflows" / "try-picture.json", folder / "oil.json")
        (folder / "oil.toml").write_text('title = "Oil"')
        async with running(bot):
            studio = Studio(House(play, model, bot), fake)
            await studio.at_work()
            zoe = await studio.house.person()
            await zoe.send("/image a fox")
            picture = await zoe.wait_reply(given)
            await zoe.press(picture, "Oil")
            oil = await zoe.wait_reply(lambda m: given(m) and m != picture)
            assert "\nOil · " in oil["caption"]
            assert "Oil" not in buttons(oil)
            await zoe.press(picture, "🔍 Larger")
            await zoe.wait_reply(lambda m: "Twice as large" in m.get("caption", ""))
            await studio.house.put_away()


async def test_a_film_becomes_a_gif_when_it_is_wanted(studio: Studio) -> None:
    """By a button or by a reply, as something that plays by itself or as the file."""
    zoe = await studio.house.person()
    await zoe.send("/video waves --seconds 2")
    film = await zoe.wait_reply(given)
    assert 2 == film["video"]["duration"]
    await zoe.press(film, "GIF")
    gif = await zoe.wait_reply(lambda m: "animation" in m)
    assert ["GIF file"] == buttons(gif)
    await zoe.press(gif, "GIF file")
    file = await zoe.wait_reply(lambda m: "document" in m and "animation" not in m)
    assert "image/gif" == file["document"]["mime_type"]
    await zoe.send("/gif", reply_to_message_id=film["message_id"])
    await zoe.wait_reply(lambda m: "animation" in m and m != gif)
    made = list((studio.bot.folder / "data" / "outgoing").glob("*.gif"))
    assert 1 == len(made)


async def test_a_photo_is_changed_and_brought_to_life(studio: Studio) -> None:
    """With the command under it, or as a reply to it."""
    zoe = await studio.house.person()
    photo = png(studio.bot.folder / "sent.png", 300, 200)
    await zoe.attach("photo", photo, caption="/image make it winter")
    drawn = await zoe.wait_reply(given)
    await zoe.send("/video wind", reply_to_message_id=drawn["message_id"])
    film = await zoe.wait_reply(lambda m: "video" in m)
    assert "on a picture" in film["caption"]
    assert 2 == len(studio.comfy.work.pictures)


async def test_talk_goes_on_while_a_film_is_made(studio: Studio) -> None:
    """In the same chat, too: a film has a line of its own."""
    studio.comfy.work.free.clear()
    zoe = await studio.house.person()
    await zoe.send("/video waves")
    await studio.begun()
    await zoe.send("hello")
    await zoe.wait_reply(lambda m: m.get("text") == "You said: hello")
    studio.comfy.work.free.set()
    await zoe.wait_reply(given)


async def test_what_runs_is_cancelled_there_and_counts(studio: Studio) -> None:
    """Only one's own prompt, whoever else is at work."""
    studio.comfy.work.free.clear()
    zoe = await studio.house.person()
    await zoe.send("/video waves")
    shown = await zoe.wait_reply(waits)
    await studio.begun()
    running = studio.comfy.work.running
    await zoe.press(shown, "Cancel")
    await zoe.wait_reply(lambda m: m.get("text", "").startswith("Cancelled. It counts"))
    assert running
    assert [running.id] == studio.comfy.interrupted
    assert [("video", "settled")] == studio.ledger()


async def test_what_waits_is_cancelled_for_nothing(studio: Studio) -> None:
    """The server never hears of it, and the message that told of the wait is gone."""
    studio.comfy.work.free.clear()
    ann, zoe = await studio.house.person("Ann"), await studio.house.person()
    await ann.send("/video waves")
    await studio.begun()
    await zoe.send("/video fire")
    shown = await zoe.wait_reply(waits)
    assert "1 clip is before yours" in shown["text"]
    await zoe.press(shown, "Cancel")
    await zoe.wait_reply(lambda m: m.get("text") == "Cancelled. It does not count.")
    await zoe.wait_event(lambda e: e["type"] == "delete")
    studio.comfy.work.free.set()
    await ann.wait_reply(given)
    assert [("video", "settled"), ("video", "refunded")] == studio.ledger()
    assert 1 == studio.posted()


async def test_a_killed_worker_costs_nobody_anything(studio: Studio) -> None:
    """Its successor takes up the very prompt that is still running; one film, one charge."""
    studio.comfy.work.free.clear()
    zoe = await studio.house.person()
    await zoe.send("/video waves")
    await studio.begun()
    (await studio.at_work()).kill()
    await studio.at_work(lives=2)
    studio.comfy.work.free.set()
    await zoe.wait_reply(given, timeout=PATIENCE)
    assert 1 == studio.posted()
    assert [("video", "settled")] == studio.ledger()
    assert 1 == len(await studio.works(zoe))


async def test_a_killed_program_costs_nobody_anything(studio: Studio) -> None:
    """The bot with its worker: after the next start the film is there, once."""
    studio.comfy.work.free.clear()
    zoe = await studio.house.person()
    await zoe.send("/video waves")
    await studio.begun()
    await studio.bot.kill()
    studio.comfy.work.free.set()
    await studio.bot.start_polling()
    await zoe.wait_reply(given, timeout=PATIENCE)
    assert 1 == studio.posted()
    assert [("video", "settled")] == studio.ledger()
    assert 1 == len(await studio.works(zoe))


async def test_a_stop_in_good_order_leaves_the_prompt_running(studio: Studio) -> None:
    """A restart of the bot costs nobody minutes of the graphics card."""
    studio.comfy.work.free.clear()
    zoe = await studio.house.person()
    await zoe.send("/video waves")
    await studio.begun()
    assert 0 == await studio.bot.stop()
    assert [] == studio.comfy.interrupted
    studio.comfy.work.free.set()
    await studio.bot.start_polling()
    await zoe.wait_reply(given, timeout=PATIENCE)
    assert 1 == studio.posted()
    assert [("video", "settled")] == studio.ledger()


async def test_a_comfyui_that_is_restarted_draws_it_anew(studio: Studio) -> None:
    """Its queue and its history are lost; nobody has to ask again, or pays twice."""
    studio.comfy.work.free.clear()
    zoe = await studio.house.person()
    await zoe.send("/image a fox")
    await studio.begun()
    await studio.comfy.restart()
    studio.comfy.work.free.set()
    await zoe.wait_reply(given, timeout=PATIENCE)
    assert 2 == studio.posted()
    assert [("image", "settled")] == studio.ledger()


async def test_the_quota_holds_however_many_ask_at_once(studio: Studio) -> None:
    """Ten at the same moment: two are made, the others are told why not."""
    zoe = await studio.house.person()
    for _ in range(10):
        await zoe.send("/video waves --seconds 1")
    for _ in range(2):
        await zoe.wait_reply(given, timeout=PATIENCE)
    await until_said(zoe, 8)
    assert 2 == len(await studio.works(zoe))
    assert [("video", "settled")] * 2 == studio.ledger()


async def until_said(person: Person, many: int) -> None:
    """Wait until so many words have come that are no works."""
    async with asyncio.timeout(PATIENCE):
        while True:
            said = [m for m in await person.replies() if "text" in m and not waits(m)]
            if len(said) >= many:
                return
            await person.wait_reply(timeout=PATIENCE)
