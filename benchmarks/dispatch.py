"""How long a question takes through the bot: from Telegram's queue to the model."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from benchmarks.figures import Claim, median, share
from benchmarks.scene import Pace, Scene, Scenes
from benchmarks.sheet import Sheet
from benchmarks.town import finals, questions

CLAIMS = (
    Claim("dispatch, p50", "dispatch", median, "ms", 5.0),
    Claim("dispatch, p99", "dispatch", share(99), "ms", 12.0),
    Claim("processor time for a question and its answer", "processor", median, "ms"),
)
ROUNDS, EACH, QUICK = 5, 80, 5
PEOPLE = 20
"""Enough that nobody's answer waits for the pace at which one chat may be written to."""

GAP = 0.03


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """One message at a time, each stored before it is worked on (the baseline stores nothing)."""
    both = await scenes.both()
    people = {subject: await scene.town.settle(PEOPLE) for subject, scene in both.items()}
    each = QUICK if sheet.quick else EACH
    for number, one in enumerate(sheet.several(ROUNDS)):
        for subject, scene in both.items():
            await scene.pace(Pace())
            texts = [f"question {number} {nth}" for nth in range(each)]
            before = scene.bot.worked()
            for nth, text in enumerate(texts):
                await _ask(scene, people[subject][nth % PEOPLE], text)
            spent = (scene.bot.worked() - before) / each * 1000
            one.samples[subject]["processor"].append(spent)
            one.samples[subject]["dispatch"] += (await _delays(scene)).values()
            await scene.town.forget()


async def _ask(scene: Scene, person: int, text: str) -> None:
    await scene.town.say(person, text)
    await asyncio.sleep(GAP)
    answer = Pace().answer(text)
    assert await scene.town.until(lambda seen: answer in finals(seen)), text
    await asyncio.sleep(GAP)


async def _delays(scene: Scene) -> Mapping[str, float]:
    sent = questions(await scene.town.news())
    came = {one["messages"][-1]["content"]: one["came"] for one in await scene.asked()}
    return {text: (came[text] - at) * 1000 for text, at in sent.items()}
