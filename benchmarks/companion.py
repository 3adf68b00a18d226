"""Answers while the worker process is busy with something that takes minutes, and while it is not.

What takes minutes is a long text that the model writes for somebody in the worker process: it
shows how far it is more often than a film does.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import psutil

from benchmarks.figures import NAIVE, OURS, Claim, Summary, median, share
from benchmarks.scene import Pace, Scene, Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.town import Record, Town, finals, questions
from domain.messages import Incoming, Person, Place
from storage.database import Database
from storage.jobs import Jobs, NewJob

CLAIMS = (
    Claim("first word, worker busy : idle, medians", "first ratio", median, "", 1.05),
    Claim("whole answer, worker busy : idle, medians", "whole ratio", median, "", 1.05),
    Claim("first word (naive: the worker idle)", "first", median, "ms"),
    Claim("the same, 95 of 100 within", "first", share(95), "ms"),
    Claim("whole answer (naive: the worker idle)", "whole", median, "ms"),
    Claim("memory of the bot (naive: of its worker)", "memory", median, "MiB"),
)
ROUNDS, SECONDS, QUICK = 6, 12.0, 3.0
PACE = Pace(words=11, words_per_second=15.0, first_after=0.3)
STORY = " ".join(["long"] * 1200)
CAMERA = {"use": "tests.program.strange_cameras:Camera"}


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Busy and idle in turn, the one or the other first."""
    scene = await scenes.cold(OURS, more={"[[video]]": CAMERA})
    await scene.bot.start()
    await scene.warm()
    seconds = QUICK if sheet.quick else SECONDS
    busy_first = True
    for one in sheet.several(ROUNDS):
        await scene.pace(PACE)
        for busy in (busy_first, not busy_first):
            await (_busy(scene, one, seconds) if busy else _idle(scene, one, seconds))
        busy_first = not busy_first
        _sum_up(scene, one)


async def _busy(scene: Scene, one: Round, seconds: float) -> None:
    (artist,) = await scene.town.settle(1)
    await scene.town.say(artist, "/help")  # else the bot may not write to them
    database = await Database.open(f"sqlite:///{_folder(scene) / 'data' / 'hearthbot.db'}")
    said = Incoming(Place(artist), 1, Person(artist, "Artist", "en"), STORY)
    await Jobs(database).add([NewJob("chat", "video", said)])
    await database.close()
    begun = await scene.town.until(lambda seen: any(_of(event, artist) for event in seen))
    assert begun, scene.bot.log.read_text()[-3000:]
    await _measured(scene, one, OURS, seconds)
    still = any(_of(event, artist) for event in scene.town.events[-30:])
    assert still, "the work was over before it was measured beside it"
    await scene.town.say(artist, "/stop")
    await scene.town.settled(lambda _: False, quiet=1.0)
    await scene.town.forget()


async def _idle(scene: Scene, one: Round, seconds: float) -> None:
    await _measured(scene, one, NAIVE, seconds)
    await scene.town.forget()


async def _measured(scene: Scene, one: Round, subject: str, seconds: float) -> None:
    """Have one person ask again and again; what came first and last is noted."""
    town, end = scene.town, time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        number += 1
        (person,) = await town.settle(1)
        question = f"question {number} of {person}"
        await town.say(person, question)
        answer = PACE.answer(question)
        assert await town.until(lambda seen, whole=answer: whole in finals(seen))  # type: ignore[misc]
        asked = questions(town.events)[question]
        one.samples[subject]["whole"].append((finals(town.events)[answer] - asked) * 1000)
        one.samples[subject]["first"].append((_seen(town, person) - asked) * 1000)


def _seen(town: Town, person: int) -> float:
    """When the first word of an answer was to be seen in a chat."""
    return next(
        float(event["at"])
        for event in town.events
        if event["type"] in ("draft", "message", "edit") and _of(event, person)
    )


def _of(event: Record, person: int) -> bool:
    """Whether an event shows some of an answer in this person's chat."""
    message = event.get("message", event)
    chat = event.get("chat_id", message.get("chat", {}).get("id"))
    by_bot = message.get("from", {}).get("is_bot") is not False
    return chat == person and by_bot and str(message.get("text", "")).startswith("This")


def _sum_up(scene: Scene, one: Round) -> None:
    for kind in ("first", "whole"):
        busy, idle = (_middle(one.samples[subject][kind]) for subject in (OURS, NAIVE))
        one.samples[OURS][f"{kind} ratio"].append(busy / idle)
    bot = psutil.Process(scene.bot.pid)
    [worker] = [child for child in bot.children() if "--fed" in child.cmdline()]
    for subject, process in ((OURS, bot), (NAIVE, worker)):
        one.samples[subject]["memory"].append(process.memory_info().rss / (1 << 20))


_middle: Summary = statistics.median


def _folder(scene: Scene) -> Path:
    return scene.bot.log.parent
