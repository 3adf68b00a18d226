"""How an answer appears while it is written: soon, steadily, with few calls, and soon complete."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise

from benchmarks.figures import Claim, median
from benchmarks.scene import Pace, Scene, Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.town import Record, finals

CLAIMS = (
    Claim("first token to first visible text", "first", median, "ms", 15.0),
    Claim("last token to whole text", "last", median, "ms", 20.0),
    Claim("longest standstill, answer of 4 s", "gap 4", max, "s", 0.6),
    Claim("Telegram calls, answer of 4 s", "calls 4", max, "", 14),
    Claim("longest standstill, answer of 40 s", "gap 40", max, "s"),
    Claim("Telegram calls, answer of 40 s", "calls 40", max, ""),
    Claim("calls refused by flood control", "refused", sum, "", 0),
)
ROUNDS, EACH = 3, 4
WORDS_PER_SECOND = 15.0
FLOOD = {"private": True, "group": True, "global_per_second": 30, "drafts": True}


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Answers at 15 tokens a second, under Telegram's flood control."""
    both = await scenes.both()
    for scene in both.values():
        await scene.town.act("options", flood=FLOOD)
    for one in sheet.several(ROUNDS):
        for _ in range(1 if sheet.quick else EACH):
            for subject, scene in both.items():
                await _watch(scene, one, subject, 1 if sheet.quick else 4, "4")
    if not sheet.quick:
        for one in sheet.several(1):
            watching = (_watch(scene, one, subject, 40, "40") for subject, scene in both.items())
            await asyncio.gather(*watching)
    for scene in both.values():
        await scene.town.act("options", flood=None)


async def _watch(scene: Scene, one: Round, subject: str, seconds: int, name: str) -> None:
    town, samples = scene.town, one.samples[subject]
    pace = Pace(round(seconds * WORDS_PER_SECOND), WORDS_PER_SECOND)
    await scene.pace(pace)
    (person,) = await town.settle(1)
    before = (await town.look("calls", since=1 << 60))["last"]
    await town.say(person, "a story")
    whole = pace.answer("a story")
    assert await town.until(lambda seen: whole in finals(seen), seconds * 2 + 20)
    spoken = (await scene.asked())[-1]["words_at"]
    visible = _visible(town.events)
    samples["first"].append((visible[0] - spoken[0]) * 1000)
    samples["last"].append((finals(town.events)[whole] - spoken[-1]) * 1000)
    samples[f"gap {name}"].append(max(b - a for a, b in pairwise([spoken[0], *visible])))
    calls = [call for call in await town.calls(before) if call["method"] != "getUpdates"]
    samples[f"calls {name}"].append(len(calls))
    samples["refused"].append(sum(call["status"] == 429 for call in calls))
    await town.forget()


def _visible(events: Sequence[Record]) -> list[float]:
    """When there was something new to read, and not only dots."""
    return [
        event["at"]
        for event in events
        if event["type"] in ("draft", "message", "edit") and _read(event).startswith("This")
    ]


def _read(event: Record) -> str:
    message = event.get("message", event)
    return "" if message.get("from", {}).get("is_bot") is False else str(message.get("text", ""))
