"""Bot or worker are killed at random moments while pictures and films are made.

Is each work given once, and charged once? The moments are drawn from the seeds, which are printed:
the same seed asks and kills in the same order.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing

import psutil

from benchmarks.figures import OURS, Claim
from benchmarks.scene import Scenes
from benchmarks.sheet import Sheet
from benchmarks.studio import IMAGE, VIDEO, Studio, studio, works
from benchmarks.town import Record

CLAIMS = (
    Claim("works asked for", "asked", sum),
    Claim("times that the bot was killed", "bot", sum),
    Claim("times that its worker was killed", "worker", sum),
    Claim("given once", "once", sum, more=True),
    Claim("given twice", "twice", sum, "", 0),
    Claim("never given", "never", sum, "", 0),
    Claim("charged once, to the unit", "right", sum, more=True),
    Claim("charged wrongly, or not at all", "wrong", sum, "", 0),
    Claim("messages that still tell of a wait", "left", sum, "", 0),
    Claim("prompts that ComfyUI made", "made", sum),
)
SEEDS, WORKS, QUICK, PEOPLE = (1, 2, 3), 20, 4, 5
SECONDS, FILM, LONGEST = 1.0, 2.0, 3.0
"""Seconds: that a prompt takes, that a film lasts, within which the next end comes."""

QUIET, AFTERWARDS = 45.0, 4.0
"""Seconds without anything new after which nothing more comes, and in which a second one would."""

_CHARGES = """SELECT jobs.payload, ledger.skill, ledger.state, ledger.units, ledger.amount
    FROM ledger LEFT JOIN jobs ON jobs.id = ledger.job"""

Wish = tuple[int, str, str]
"""Who wants a work, of which skill, and the words that tell it from all others."""


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Twenty works of five people, and as many ends of the bot or of its worker."""
    made = await studio(scenes, SECONDS, most=100)
    await made.scene.bot.start()
    await made.scene.warm()
    for seed, one in enumerate(sheet.several(len(SEEDS), counts=True), start=SEEDS[0]):
        counted = await _round(made, seed, QUICK if sheet.quick else WORKS)
        told = ", ".join(f"{name} {value}" for name, value in counted.items())
        print(f"seed {seed}: {told}", flush=True)
        for name, value in counted.items():
            one.samples[OURS][name].append(value)
    await made.scene.bot.kill()


async def _round(made: Studio, seed: int, many: int) -> Mapping[str, int]:
    dice, town, before = random.Random(seed), made.scene.town, len(await made.history())
    people = await town.settle(PEOPLE)
    await made.at_work()
    wishes, killed = list[Wish](), Counter[str]()
    for number in range(many):
        wish = (dice.choice(people), dice.choice((IMAGE, VIDEO)), f"fox {seed}-{number:02}.")
        wishes.append(wish)
        await town.say(wish[0], _asked(wish))
        await asyncio.sleep(dice.uniform(0.0, LONGEST))
        victim = dice.choice(("bot", "worker"))
        killed[victim] += 1
        await (_kill_bot(made) if victim == "bot" else _kill_worker(made))
    await town.settled(lambda seen: len(_given(seen, wishes)) == many, QUIET)
    await asyncio.sleep(AFTERWARDS)
    said = [message for person in people for message in await _said(made, person)]
    return {
        "asked": many,
        **killed,
        **_delivered(said, wishes),
        **_charged(made, wishes),
        "left": sum(map(_waits, said)),
        "made": len(await made.history()) - before,
    }


async def _kill_bot(made: Studio) -> None:
    """A power cut for the bot, which is started again at once; its worker notices by itself."""
    await made.scene.bot.kill()
    await made.scene.bot.start()


async def _kill_worker(made: Studio) -> None:
    """The same for its worker, whose start is the bot's affair."""
    while (worker := made.worker()) is None:
        made.scene.bot.alive()
        await asyncio.sleep(0.02)
    try:
        worker.kill()
    except psutil.NoSuchProcess:
        return


async def _said(made: Studio, person: int) -> list[Record]:
    listed = (await made.scene.town.look("messages", chat_id=person, limit=1000))["messages"]
    return [message for message in listed if message["from"]["is_bot"]]


def _asked(wish: Wish) -> str:
    _, skill, words = wish
    return f"/{skill} {words}" + (f" --seconds {FILM:g}" if skill == VIDEO else "")


def _given(events: Sequence[Record], wishes: Sequence[Wish]) -> set[str]:
    """The works that are there, by their words."""
    shown = works([event["message"] for event in events if event["type"] == "message"])
    return {words for *_, words in wishes if any(_is(one, words) for one in shown)}


def _is(message: Record, words: str) -> bool:
    return str(message.get("caption", "")).startswith(words)


def _delivered(said: Sequence[Record], wishes: Sequence[Wish]) -> dict[str, int]:
    shown = works(said)
    times = [sum(_is(one, words) for one in shown) for *_, words in wishes]
    return {
        "once": sum(one == 1 for one in times),
        "twice": sum(one > 1 for one in times),
        "never": sum(one == 0 for one in times),
    }


def _charged(made: Studio, wishes: Sequence[Wish]) -> dict[str, int]:
    """How many are charged as they should be: one entry each, which counts in full."""
    with closing(sqlite3.connect(made.folder / "data" / "hearthbot.db")) as database:
        rows = database.execute(_CHARGES).fetchall()
    right = 0
    for _, skill, words in wishes:
        found = [row[1:] for row in rows if row[0] and words in row[0]]
        right += found == [(skill, "settled", 1, FILM if skill == VIDEO else 0.0)]
    return {"right": right, "wrong": len(wishes) - right}


def _waits(message: Record) -> bool:
    """Whether it has a button that cancels."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return any(button.get("text") == "Cancel" for row in rows for button in row)
