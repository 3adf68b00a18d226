"""However often the program is killed, each accepted film is charged once, and no day overrun."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from storage.database import Database
from storage.ledger import Ledger
from storage.reserving import Entry
from storage.tables import jobs, ledger
from tests.storage.spender import LIMIT, PEOPLE, SPENT, fails

ROOT = Path(__file__).parents[2]


async def kill_after(url: str, day: str, lines: int) -> list[tuple[str, int]]:
    """Let a program spend until it has said so many lines, then kill it; what it said."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.spender", url, day),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout
    said = [await program.stdout.readline() for _ in range(lines)]
    program.kill()
    rest = (await program.stdout.read()).splitlines(keepends=True)
    await program.wait()
    words = [line.decode().split() for line in [*said, *rest] if line.endswith(b"\n")]
    return [(what, int(job)) for what, job in words]


async def everything(connection: AsyncConnection) -> list[Any]:
    """Each job with its entry, if it has one."""
    columns = (jobs.c.id, jobs.c.pool, jobs.c.person, jobs.c.state.label("stand"))
    entry = (ledger.c.state, ledger.c.units, ledger.c.amount, ledger.c.day)
    both = select(*columns, *entry).outerjoin_from(jobs, ledger, ledger.c.job == jobs.c.id)
    return list(await connection.execute(both))


def expected(job: int, stand: State) -> tuple[Entry, int, float]:
    """What the entry of a film must say, by where the film stands."""
    if stand in {State.QUEUED, State.RUNNING}:
        return Entry.RESERVED, 1, 4.0
    if stand is State.DROPPED or fails(job):
        return Entry.REFUNDED, 1, 4.0
    return Entry.SETTLED, 1, SPENT


def check(rows: list[Any], said: list[tuple[str, int]]) -> None:
    """Each film has one entry, which fits its state; what was told is so; no day is overrun."""
    assert len(rows) == len({row.id for row in rows})
    films = {row.id: row for row in rows if row.pool == "video"}
    assert {None} >= {row.state for row in rows if row.pool == "quick"}
    assert {job: expected(job, State(row.stand)) for job, row in films.items()} == {
        job: (row.state, row.units, row.amount) for job, row in films.items()
    }
    assert {job for what, job in said if what == "accepted"} <= films.keys()
    done = {row.id for row in rows if row.stand == State.DONE}
    assert {job for what, job in said if what == "ended"} <= done
    counted = [row for row in films.values() if row.state != Entry.REFUNDED]
    used = Counter((row.person, row.day) for row in counted)
    assert all(many <= LIMIT for many in used.values())


async def suffer(url: str, moments: list[int]) -> Counter[tuple[int, str]]:
    """Kill a program at each of these moments, and look at what it left; what came to pass."""
    said: list[tuple[str, int]] = []
    for number, lines in enumerate(moments):
        said += await kill_after(url, f"2026-01-{1 + number // 3:02}", lines)
        async with await Database.open(url, durable=False) as database:
            rows = await database.read(everything)
            check(rows, said)
            assert 0 == await Ledger(database).release()
    return Counter((row.person, row.state) for row in rows if row.pool == "video")


async def test_each_accepted_film_is_charged_once(make_sqlite_url: Callable[[], str]) -> None:
    """A file survives kill upon kill, at moments that are other ones each time."""
    moments = [random.randint(1, 130) for _ in range(12)]
    seen = await suffer(make_sqlite_url(), moments)
    assert {(who, Entry.SETTLED) for who in PEOPLE} <= seen.keys(), moments


@pytest.mark.postgres
async def test_so_it_is_on_a_server(make_postgres_url: Callable[[], str]) -> None:
    """There the server survives, and rolls back what was half done."""
    await suffer(make_postgres_url(), [random.randint(1, 130) for _ in range(4)])
