"""What the program takes while it does nothing, and how long it takes to begin."""

from __future__ import annotations

import asyncio

import psutil

from benchmarks.figures import OURS, Claim, median
from benchmarks.scene import SUBJECTS, Pace, Scene, Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.town import finals

CLAIMS = (
    Claim("start to first request for updates", "start", median, "s", 1.6),
    Claim("processor time until the first answer", "begun", median, "s"),
    Claim("memory after one message, resident", "rss", median, "MiB", 110),
    Claim("memory after one message, of its own", "uss", median, "MiB"),
    Claim("processor while idle", "idle", median, "%", 0.5),
)
ROUNDS = 5
IDLE_SECONDS = 20.0
SETTLING_SECONDS = 2.0
"""What an answer still causes after it has arrived is not idleness."""


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Several starts, an answer after each, and quiet after the last."""
    subjects = (OURS,) if sheet.quick else SUBJECTS  # the baseline takes long to start
    both = {subject: await scenes.cold(subject) for subject in subjects}
    for one in sheet.several(ROUNDS):
        for subject, scene in both.items():
            await scene.bot.kill()
            await _start(scene, one, subject)
    await asyncio.sleep(0 if sheet.quick else SETTLING_SECONDS)
    seconds = 1.0 if sheet.quick else IDLE_SECONDS
    for one in sheet.several(1):
        before = {subject: scene.bot.worked() for subject, scene in both.items()}
        await asyncio.sleep(seconds)
        for subject, scene in both.items():
            spent = scene.bot.worked() - before[subject]
            one.samples[subject]["idle"].append(spent / seconds * 100)
    for scene in both.values():
        await scene.bot.kill()


async def _start(scene: Scene, one: Round, subject: str) -> None:
    samples = one.samples[subject]
    (person,) = await scene.town.settle(1)
    await scene.pace(Pace())
    samples["start"].append(await scene.start_anew(person, "hello"))
    answered = Pace().answer("hello")
    assert await scene.town.until(lambda seen: answered in finals(seen))
    samples["begun"].append(scene.bot.worked())
    used = psutil.Process(scene.bot.pid).memory_full_info()
    samples["rss"].append(used.rss / (1 << 20))
    samples["uss"].append(used.uss / (1 << 20))
    await scene.town.forget()
