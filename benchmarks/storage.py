"""How long it takes to write something down so that it survives, alone and in a crowd.

The baseline is one connection and one commit an item, as SQLite comes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import aiosqlite

from benchmarks.figures import NAIVE, OURS, Claim, median, share
from benchmarks.scene import Scenes
from benchmarks.sheet import Round, Sheet
from domain.jobs import State
from domain.messages import Incoming, Person, Place
from storage.database import Database
from storage.jobs import Ending, Jobs, NewJob
from storage.updates import Updates

CLAIMS = (
    Claim("a question written down, p50", "arrival", median, "ms"),
    Claim("an answer stored, safe from a power cut, p50", "ending", median, "ms"),
    Claim("a small record stored as safely, p50", "hard", median, "ms"),
    Claim("the same, p99", "hard", share(99), "ms"),
    Claim("questions a second, all at once, as safely", "crowd", median, "/s", more=True),
)
ROUNDS, ALONE, CROWD, QUICK = 5, 100, 1000, 10

_TABLE = "CREATE TABLE jobs (id INTEGER PRIMARY KEY, chat INTEGER, text TEXT)"
_INSERT = "INSERT INTO jobs (chat, text) VALUES (?, ?)"

Write = Callable[[int], Awaitable[object]]


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Questions and answers in a file on this machine's disk."""
    alone, crowd = (QUICK, QUICK) if sheet.quick else (ALONE, CROWD)
    for number, one in enumerate(sheet.several(ROUNDS)):
        await _ours(scenes.folder / f"ours-{number}.db", one, alone, crowd)
        await _naive(scenes.folder / f"naive-{number}.db", one, alone, crowd)


async def _ours(file: Path, one: Round, alone: int, crowd: int) -> None:
    async with await Database.open(f"sqlite:///{file}") as database:
        jobs, updates, samples = Jobs(database), Updates(database), one.samples[OURS]

        async def bury(number: int) -> None:
            await updates.bury(number, f"question {number}", "")

        async def write(number: int) -> None:
            await jobs.add([_question(number)])
            await database.harden()

        for number in range(alone):
            samples["arrival"].append(await _timed(jobs.add([_question(-number - 1)])))
            await database.harden()
        samples["hard"] += await _each(bury, range(alone))
        samples["crowd"].append(await _at_once(write, range(crowd)))
        for job in await jobs.claim({"chat/default": alone}, "benchmark"):
            ending = Ending(job.id, "benchmark", State.DONE, bodies=["{}"], mark_sending_after=1)
            samples["ending"].append(await _timed(jobs.finish(ending)))


async def _naive(file: Path, one: Round, alone: int, crowd: int) -> None:
    async with aiosqlite.connect(file) as database:
        await database.execute(_TABLE)
        samples, turn = one.samples[NAIVE], asyncio.Lock()

        async def write(number: int) -> None:
            async with turn:
                await database.execute(_INSERT, (number, f"question {number}"))
                await database.commit()

        samples["hard"] += await _each(write, range(alone))
        samples["crowd"].append(await _at_once(write, range(crowd)))


async def _each(write: Write, numbers: Sequence[int]) -> list[float]:
    return [await _timed(write(number)) for number in numbers]


async def _at_once(write: Write, numbers: Sequence[int]) -> float:
    """Write all at the same time; how many that are a second."""
    began = time.monotonic()
    await asyncio.gather(*(write(number) for number in numbers))
    return len(numbers) / (time.monotonic() - began)


async def _timed(written: Awaitable[object]) -> float:
    began = time.monotonic()
    await written
    return (time.monotonic() - began) * 1000


def _question(number: int) -> NewJob:
    chat = abs(number) + 1
    said = Incoming(Place(chat, None, True), chat, Person(chat, "Ann", "en"), f"question {number}")
    return NewJob("chat", "chat/default", said, update=chat + (1 << 30) * (number < 0))
