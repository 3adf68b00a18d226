"""Many people who write at the same moment, to one bot with room for all of them at the model."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.figures import Claim, median
from benchmarks.scene import Pace, Scene, Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.town import finals, questions

CLAIMS = (
    Claim("200 chats at once, all answered", "free", median, "s", 2.0),
    Claim("the same, never answered", "free lost", sum, "", 0),
    Claim("with 30 messages a second allowed", "flood", median, "s", 8.5),
    Claim("the same, never answered", "flood lost", sum, "", 0),
    Claim("the same, calls refused", "flood refused", sum, "", 0),
)
ROUNDS, MANY, QUICK = 3, 200, 20
MODEL_SECONDS = 1.0
QUIET = 3.0
"""After so many seconds in which nothing happens, nothing more will."""


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """The model takes one second; once at full speed, once at the pace that Telegram wants."""
    many, unlimited = (QUICK, 30) if sheet.quick else (MANY, 0)  # a start less
    both = await scenes.both(messages_per_second=unlimited)
    for one in sheet.several(ROUNDS):
        for subject, scene in both.items():
            await _rush(scene, one, subject, many, "free")
    both = await scenes.both()
    for scene in both.values():
        await scene.town.act("options", flood={"global_per_second": 30, "private": True})
    for one in sheet.several(ROUNDS):
        for subject, scene in both.items():
            await _rush(scene, one, subject, many, "flood")
    for scene in both.values():
        await scene.town.act("options", flood=None)


async def _rush(scene: Scene, one: Round, subject: str, many: int, name: str) -> None:
    town, samples = scene.town, one.samples[subject]
    pace = Pace(first_after=MODEL_SECONDS)
    await scene.pace(pace)
    people = await town.settle(many)
    await town.forget()
    before = (await town.look("stats"))["too_many"]
    await town.say_all([(person, f"question of {person}") for person in people])
    answers = {pace.answer(f"question of {person}") for person in people}
    await town.settled(lambda seen: answers <= finals(seen).keys(), QUIET)
    samples[f"{name} lost"].append(len(answers - finals(town.events).keys()))
    samples[f"{name} refused"].append((await town.look("stats"))["too_many"] - before)
    if answers <= finals(town.events).keys():
        samples[name].append(_seconds(scene, answers))
    await town.forget()


def _seconds(scene: Scene, answers: Sequence[str] | set[str]) -> float:
    shown, sent = finals(scene.town.events), questions(scene.town.events)
    return max(shown[answer] for answer in answers) - min(sent.values(), default=math.nan)
