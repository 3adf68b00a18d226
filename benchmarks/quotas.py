"""What it costs to decide a quota where the job is written down, with a million entries behind it.

The baseline writes the same jobs down without a charge, in the same file and in turn; for a crowd
it is a bot that looks at the quota first and writes afterwards.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
import sys
import time
from collections.abc import Awaitable
from pathlib import Path

import aiosqlite

from benchmarks.children import ROOT
from benchmarks.figures import NAIVE, OURS, Claim, median, share
from benchmarks.scene import Scenes
from benchmarks.sheet import Round, Sheet
from domain.messages import Incoming, Person, Place
from storage.database import Database
from storage.jobs import Jobs, NewJob
from storage.quotas import Amounts, Charge, Crowd, Quotas
from tests.storage.asker import ask_for_all

CLAIMS = (
    Claim("a film accepted, p50", "accepted", median, "ms"),
    Claim("the same, p99", "accepted", share(99), "ms", target=15),
    Claim("accepted and safe from a power cut, p50", "safe", median, "ms"),
    Claim("the same, p99", "safe", share(99), "ms"),
    Claim("one who has 10 000 entries this month, p50", "heavy", median, "ms"),
    Claim("the same, p99", "heavy", share(99), "ms"),
    Claim("a film refused and told, p99", "refused", share(99), "ms", target=15),
    Claim("what is left, for /quota, p99", "standing", share(99), "ms"),
    Claim("2 000 at once, of whom 5 may: accepted", "crowd", max, "", target=5),
    Claim("how long they take together", "crowd_ms", median, "ms"),
    Claim("2 000 from 4 processes, of whom 5 may: accepted", "programs", max, "", target=5),
    Claim("a month rolled up, entries a second", "rolled", median, "/s", more=True),
    Claim("somebody else's write meanwhile, p99", "between", share(99), "ms"),
)
ROUNDS, FILMS, FEW, QUEUE = 5, 300, 21, 3  # seven jobs each, so some twenty wait
ENTRIES, HEAVY, PEOPLE, QUICK = 1_000_000, 10_000, 100_000, 50
CROWD, MAY, PROGRAMS = 2000, 5, 4
TODAY, CHAT, HEAVIEST = "2026-03-20", -5, PEOPLE + 1

_ALLOWED = Amounts(per_day=10**6, per_month=10**6, seconds_per_day=1e9, seconds_per_month=1e9)
_IN_LINE = Crowd(queue=10**6, waiting=10**6, at_once=10**6)
_PEOPLE = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)
    INSERT INTO people (id, name, served) SELECT i, 'P' || i, i FROM n"""
# One in five is of last month; the jobs of all of them are long forgotten.
_LEDGER = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :entries)
    INSERT INTO ledger (person, chat, skill, amount, state, job, day, created_at)
    SELECT CASE WHEN i <= :heavy THEN :heaviest ELSE 1 + i % :people END, -5, 'video', 4,
        CASE WHEN i % 7 THEN 'settled' ELSE 'refunded' END, 100000000 + i,
        printf('2026-%02d-%02d', 3 - (i > :heavy AND i % 5 = 0), 1 + i % 20), i
    FROM n"""
_TABLE = "CREATE TABLE films (id INTEGER PRIMARY KEY, person INTEGER)"

_numbers = itertools.count(1)


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Films of a hundred thousand people in a file on this machine's disk."""
    scale = QUICK if sheet.quick else 1
    file = scenes.folder / "quotas.db"
    await _fill(file, scale)
    for one in sheet.several(ROUNDS):
        await _alone(file, one, FEW if sheet.quick else FILMS, PEOPLE // scale)
    for number, one in enumerate(sheet.several(ROUNDS)):
        await _crowds(f"{scenes.folder}/crowd-{number}", one)
    for number, one in enumerate(sheet.several(1)):
        await _roll_up(Path(shutil.copy(file, scenes.folder / f"month-{number}.db")), one)


async def _fill(file: Path, scale: int) -> None:
    async with await Database.open(f"sqlite:///{file}"):
        pass
    values = {
        "people": PEOPLE // scale,
        "entries": ENTRIES // scale,
        "heavy": HEAVY // scale,
        "heaviest": HEAVIEST,
    }
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(_PEOPLE, values)
        connection.execute(_LEDGER, values)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


async def _alone(file: Path, one: Round, films: int, people: int) -> None:
    async with await Database.open(f"sqlite:///{file}") as database:
        jobs, quotas, samples = Jobs(database), Quotas(database), one.samples

        async def safe(entry: NewJob) -> None:
            await jobs.add([entry])
            await database.harden()

        for number in range(films):
            person = 1 + number * 7919 % people
            for subject, amounts in ((OURS, _ALLOWED), (NAIVE, None)):
                entry = _film(person, amounts)
                samples[subject]["accepted"].append(await _timed(jobs.add([entry])))
                entry = _film(person, amounts)
                samples[subject]["safe"].append(await _timed(safe(entry)))
                entry = _film(HEAVIEST, amounts)
                samples[subject]["heavy"].append(await _timed(jobs.add([entry])))
            refused = jobs.add([_film(person, Amounts(per_day=0))])
            samples[OURS]["refused"].append(await _timed(refused))
            standing = quotas.standing(person, "video", TODAY)
            samples[OURS]["standing"].append(await _timed(standing))
            if number % QUEUE == QUEUE - 1:
                assert len(await jobs.drop(CHAT)) == 7 * QUEUE


async def _crowds(stem: str, one: Round) -> None:
    """Two thousand who ask at once, of one program and of four."""
    async with await Database.open(f"sqlite:///{stem}-one.db") as database:
        began = time.monotonic()
        accepted = await ask_for_all(database, 1, CROWD, MAY)
        one.samples[OURS]["crowd_ms"].append((time.monotonic() - began) * 1000)
    one.samples[OURS]["crowd"].append(accepted)
    one.samples[NAIVE]["crowd"].append(await _look_first(f"{stem}-naive.db"))
    four = await _programs(f"sqlite:///{stem}-four.db")
    one.samples[OURS]["programs"].append(four)
    assert accepted == four == MAY


async def _look_first(file: str) -> int:
    async with aiosqlite.connect(file) as database:
        await database.execute(_TABLE)

        async def ask() -> bool:
            async with database.execute("SELECT count(*) FROM films WHERE person = 1") as found:
                (used,) = await found.fetchone() or (0,)
            if used < MAY:
                await database.execute("INSERT INTO films (person) VALUES (1)")
                await database.commit()
            return bool(used < MAY)

        return sum(await asyncio.gather(*(ask() for _ in range(CROWD))))


async def _programs(url: str) -> int:
    async with await Database.open(url):
        pass
    share_of_each = CROWD // PROGRAMS
    programs = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.storage.asker", url),
            *(str(1 + share_of_each * number), str(share_of_each), str(MAY)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        for number in range(PROGRAMS)
    ]
    return sum([int((await program.communicate())[0]) for program in programs])


async def _roll_up(file: Path, one: Round) -> None:
    """Last month becomes lines, while somebody else goes on asking."""
    async with await Database.open(f"sqlite:///{file}") as database:
        jobs, began = Jobs(database), time.monotonic()
        rolling = asyncio.create_task(Quotas(database).roll_up(TODAY), name="roll up")
        while not rolling.done():
            entry = _film(next(_numbers), None)
            one.samples[OURS]["between"].append(await _timed(jobs.add([entry])))
            await asyncio.sleep(0.01)
        one.samples[OURS]["rolled"].append(await rolling / (time.monotonic() - began))


async def _timed(awaited: Awaitable[object]) -> float:
    began = time.monotonic()
    await awaited
    return (time.monotonic() - began) * 1000


def _film(person: int, amounts: Amounts | None) -> NewJob:
    number = next(_numbers)
    said = Incoming(Place(CHAT, None, False), number, Person(person, "Ann", "en"), "a cat")
    cost = Charge("video", 4.0, TODAY, amounts, _IN_LINE) if amounts else None
    return NewJob("film", "video", said, update=number, lane=str(number), charge=cost)
