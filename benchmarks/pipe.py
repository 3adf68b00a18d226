"""What the whole program costs over the time that ComfyUI itself takes for a picture or a film.

From the message that reaches Telegram to the work that is there, less what ComfyUI's history says
that it took. The baseline is a client as people write it: it posts the prompt, asks every second
whether it is done, and sends what came of it. It need not even listen to Telegram.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
import uuid
from dataclasses import dataclass
from typing import Any

import aiohttp

from benchmarks.children import TOKEN
from benchmarks.figures import NAIVE, OURS, Claim, median, share
from benchmarks.scene import Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.studio import GRAPHS, IMAGE, SHOWN, VIDEO, Studio, studio
from benchmarks.town import Record
from domain.drawing import Sketch
from services.graph_fitting import fitted, values
from services.graphs import SHIPPED, read

_STAGES = {
    "accepted": "said, to written down",
    "claimed": "written down, to claimed",
    "posted": "claimed, to ComfyUI at work",
    "checked": "ComfyUI done, to fetched, checked and written down",
    "sent": "written down, to there",
}
_KINDS = {IMAGE: "a picture", VIDEO: "a film"}
CLAIMS = (
    Claim("a picture: over ComfyUI's own time, half within", IMAGE, median, "ms", 150),
    Claim("the same, 9 of 10 within", IMAGE, share(90), "ms"),
    Claim("a film: over ComfyUI's own time, half within", VIDEO, median, "ms", 150),
    Claim("the same, 9 of 10 within", VIDEO, share(90), "ms"),
    *(
        Claim(f"{_KINDS[skill]}: {words}", f"{skill} {stage}", median, "ms")
        for skill in GRAPHS
        for stage, words in _STAGES.items()
    ),
    Claim("the first picture after the worker's start", f"first {IMAGE}", median, "ms"),
    Claim("the first film after the worker's start", f"first {VIDEO}", median, "ms"),
)
ROUNDS, EACH, QUICK = 4, 5, 2
SECONDS = 1.3
"""That a prompt takes: no whole number, so that the baseline does not ask just in time."""

POLL = 1.0
SETTLING = 2.0
"""Seconds in which a worker has met its backends."""

_numbers = itertools.count(1)


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """One work after the other, of ours and of the baseline in turn."""
    made = await studio(scenes, SECONDS, most=100)
    await made.scene.bot.start()
    await made.scene.warm()
    for lives, one in enumerate(sheet.several(ROUNDS), start=1):
        worker = await made.at_work(lives)
        await asyncio.sleep(SETTLING)
        for skill in GRAPHS:
            one.samples[OURS][f"first {skill}"].append((await _ours(made, skill)).over)
        for _ in range(QUICK if sheet.quick else EACH):
            for skill in GRAPHS:
                _note(one, skill, await _ours(made, skill))
                one.samples[NAIVE][skill].append(await _naive(made, skill))
        worker.kill()  # the next round begins with one that has just started


@dataclass(frozen=True, slots=True)
class _Way:
    """The way of one work, in milliseconds: by its stages, and over ComfyUI's own time."""

    stages: dict[str, float]
    over: float


def _note(one: Round, skill: str, way: _Way) -> None:
    one.samples[OURS][skill].append(way.over)
    for stage, took in way.stages.items():
        one.samples[OURS][f"{skill} {stage}"].append(took)


async def _ours(made: Studio, skill: str) -> _Way:
    """Have somebody new ask for a work, and look at all clocks that it has passed."""
    town = made.scene.town
    (person,) = await town.settle(1)
    known = await made.history()
    asked = await town.say(person, f"/{skill} a fox of number {next(_numbers)}")
    there = await _there(made, skill, person)
    said = _at(town.events, person, asked["message_id"])
    await town.forget()
    history = await made.history()
    [entry] = [history[one] for one in history.keys() - known.keys()]
    began, ended = _own(entry)
    moved = time.time() - time.monotonic()  # Telegram's clock began when the machine did
    added, claimed, finished = made.times(person)
    marks = [said + moved, added, claimed, began, ended, finished, there + moved]
    steps = dict(zip(_STAGES, (after - before for before, after in _pairs(marks)), strict=True))
    over = (there - said) - (ended - began)
    return _Way({name: took * 1000 for name, took in steps.items()}, over * 1000)


def _pairs(marks: list[float]) -> list[tuple[float, float]]:
    """Each mark with the next one; what ComfyUI does in between is its own."""
    pairs = list(itertools.pairwise(marks))
    return pairs[:3] + pairs[4:]


async def _naive(made: Studio, skill: str) -> float:
    """Post, ask every second, send; in milliseconds over ComfyUI's own time."""
    town = made.scene.town
    (person,) = await town.settle(1)
    await town.say(person, "/help")  # else nobody may write to them
    await town.settled(lambda _: False, quiet=0.3)
    await town.forget()
    graph = _graph(skill, f"a fox of number {next(_numbers)}")
    began, number = time.monotonic(), str(uuid.uuid4())
    await made.comfy.post("/prompt", json={"prompt": graph, "prompt_id": number})
    while not (entry := (await _told(made.comfy, f"/history/{number}")).get(number)):  # noqa: ASYNC110
        await asyncio.sleep(POLL)
    file = next(file for node in entry["outputs"].values() for file in node["images"])
    async with made.comfy.get("/view", params=file) as answer:
        raw = await answer.read()
    kind = SHOWN[skill]
    form = aiohttp.FormData({"chat_id": str(person)})
    form.add_field(kind, raw, filename=file["filename"])
    await town.http.post(f"/bot{TOKEN}/send{kind.title()}", data=form)
    there = await _there(made, skill, person)
    await town.forget()
    start, end = _own(entry)
    return ((there - began) - (end - start)) * 1000


async def _there(made: Studio, skill: str, person: int) -> float:
    """When the work was in somebody's chat."""
    town = made.scene.town
    assert await town.until(lambda seen: bool(_shown(seen, skill, person))), (
        made.scene.bot.log.read_text()[-3000:]
    )
    return _shown(town.events, skill, person)[0]


def _shown(events: list[Record], skill: str, person: int) -> list[float]:
    return [
        event["at"]
        for event in events
        if event["type"] == "message"
        and event["message"]["chat"]["id"] == person
        and SHOWN[skill] in event["message"]
    ]


def _at(events: list[Record], person: int, message: int) -> float:
    """When somebody's message reached Telegram."""
    return next(
        float(event["at"])
        for event in events
        if event["type"] == "message"
        and event["message"]["chat"]["id"] == person
        and event["message"]["message_id"] == message
    )


def _own(entry: Record) -> tuple[float, float]:
    """When the server began and ended, in seconds since 1970."""
    told = {name: more["timestamp"] / 1000 for name, more in entry["status"]["messages"]}
    return told["execution_start"], told["execution_success"]


def _graph(skill: str, prompt: str) -> dict[str, Any]:
    graph = read(SHIPPED / f"{GRAPHS[skill]}.json")
    sketch = fitted(Sketch(prompt, random.randrange(1 << 31)), graph)
    return graph.filled(values(sketch, graph, prompt, ""))


async def _told(http: aiohttp.ClientSession, route: str) -> Record:
    async with http.get(route) as answer:
        told: Record = await answer.json()
    return told
