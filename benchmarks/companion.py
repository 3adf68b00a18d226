"""Answers while a film is being made, and while none is; the film in its process, with its bar."""

from __future__ import annotations

import statistics
import time

import psutil

from benchmarks.figures import NAIVE, OURS, Claim, Summary, median, share
from benchmarks.scene import Pace, Scene, Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.studio import Studio, studio, works
from benchmarks.town import Record, Town, finals, questions

CLAIMS = (
    Claim("first word, a film being made : none, medians", "first ratio", median, "", 1.05),
    Claim("whole answer, a film being made : none, medians", "whole ratio", median, "", 1.05),
    Claim("first word (naive: no film)", "first", median, "ms"),
    Claim("the same, 95 of 100 within", "first", share(95), "ms"),
    Claim("whole answer (naive: no film)", "whole", median, "ms"),
    Claim("memory of the bot (naive: of its worker)", "memory", median, "MiB"),
)
ROUNDS, SECONDS, QUICK = 6, 12.0, 3.0
PACE = Pace(words=11, words_per_second=15.0, first_after=0.3)
SPARE = 6.0
"""Seconds that a film takes beyond those in which is measured."""


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """With a film and without one in turn, the one or the other first."""
    seconds = QUICK if sheet.quick else SECONDS
    made = await studio(scenes, seconds + SPARE, most=100)
    await made.scene.bot.start()
    await made.scene.warm()
    await made.at_work()
    film_first = True
    for one in sheet.several(ROUNDS):
        await made.scene.pace(PACE)
        for film in (film_first, not film_first):
            await (_busy(made, one, seconds) if film else _idle(made.scene, one, seconds))
        film_first = not film_first
        _sum_up(made.scene, one)


async def _busy(made: Studio, one: Round, seconds: float) -> None:
    town = made.scene.town
    (artist,) = await town.settle(1)
    await town.say(artist, "/video waves")
    begun = await town.until(lambda seen: any(_is_bar(event, artist) for event in seen))
    assert begun, made.scene.bot.log.read_text()[-3000:]
    await _measured(made.scene, one, OURS, seconds)
    shown = works([event["message"] for event in town.events if event["type"] == "message"])
    assert not shown, "the film was over before it was measured beside it"
    await town.say(artist, "/stop")
    await town.settled(lambda _: False, quiet=1.0)
    await town.forget()


def _is_bar(event: Record, person: int) -> bool:
    """Whether it tells somebody how far their film is."""
    message = event.get("message", {})
    return message.get("chat", {}).get("id") == person and "%" in str(message.get("text", ""))


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
