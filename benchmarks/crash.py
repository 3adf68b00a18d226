"""The process is killed while it works: is each question still answered, and only once?"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.figures import OURS, Claim, median
from benchmarks.scene import SUBJECTS, Pace, Scene, Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.town import finals

CLAIMS = (
    Claim("questions", "asked", sum),
    Claim("answered once", "once", sum, more=True),
    Claim("answered twice", "twice", sum, "", 0),
    Claim("never answered", "never", sum, "", 0),
    Claim("answers left half said", "half", sum, "", 0),
    Claim("kill to listening again", "back", median, "s", 2.0),
)
ROUNDS, PEOPLE, EACH = 5, 10, 5
PACE = Pace(words=20, words_per_second=40.0, first_after=0.2)
LONGEST = 2.5
"""Seconds within which the end comes; by then about half is answered."""

QUIET = 4.0
AFTERWARDS = 1.5
"""Seconds in which a second answer would follow the first."""


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Fifty questions of ten people, kill -9 at a random moment, and a new start at once."""
    dice = random.Random()
    subjects = (OURS,) if sheet.quick else SUBJECTS  # the baseline takes long to start
    both = {subject: await scenes.cold(subject) for subject in subjects}
    for scene in both.values():
        await scene.bot.start()
        await scene.warm()
    for one in sheet.several(ROUNDS):
        for subject, scene in both.items():
            await _round(scene, one, subject, dice.uniform(0.0, LONGEST), quick=sheet.quick)
    for scene in both.values():
        await scene.bot.kill()


async def _round(scene: Scene, one: Round, subject: str, until: float, *, quick: bool) -> None:
    town = scene.town
    await scene.pace(PACE)
    people = await town.settle(2 if quick else PEOPLE)
    asked = [(who, f"question {nth} of {who}") for nth in range(EACH) for who in people]
    await town.forget()
    await town.say_all(asked)
    await asyncio.sleep(until)
    await scene.bot.kill()
    asked.append((people[0], "are you there?"))
    back = await scene.start_anew(*asked[-1])
    answers = {(who, PACE.answer(text)) for who, text in asked}
    await town.settled(lambda seen: {text for _, text in answers} <= finals(seen).keys(), QUIET)
    await asyncio.sleep(AFTERWARDS)
    found = [text for person in people for text in await _said(scene, person)]
    count = _Count.of({text for _, text in answers}, found)
    for name, value in count.samples().items():
        one.samples[subject][name].append(value)
    one.samples[subject]["back"].append(back)


async def _said(scene: Scene, person: int) -> list[str]:
    listed = (await scene.town.look("messages", chat_id=person, limit=1000))["messages"]
    return [message.get("text", "") for message in listed if message["from"]["is_bot"]]


@dataclass(frozen=True, slots=True)
class _Count:
    """How many questions had which fate."""

    asked: int
    once: int
    twice: int
    never: int
    half: int

    @classmethod
    def of(cls, answers: set[str], found: list[str]) -> _Count:
        times = Counter(found)
        half = sum(text not in answers for text in found)
        return cls(
            len(answers),
            sum(times[one] == 1 for one in answers),
            sum(times[one] > 1 for one in answers),
            sum(times[one] == 0 for one in answers),
            half,
        )

    def samples(self) -> Mapping[str, int]:
        names = ("asked", "once", "twice", "never", "half")
        return {name: getattr(self, name) for name in names}
