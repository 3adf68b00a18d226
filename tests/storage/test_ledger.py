"""What is used is counted before it is used, once, and no day holds more than its limit."""

from __future__ import annotations

import asyncio
import math
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from storage import reserving
from storage.database import Database
from storage.jobs import Ending, Jobs
from storage.ledger import Ledger, Reservation, Verdict
from storage.tables import ledger as rows
from tests.storage.workshop import Clock, Talk

ROOT = Path(__file__).parents[2]
TODAY, TOMORROW = "2026-01-31", "2026-02-01"


@pytest.fixture
def ledger(database: Database, clock: Clock) -> Ledger:
    """The ledger of the database."""
    return Ledger(database, clock)


def hearing(amount: float, job: int, person: int = 1, day: str = TODAY) -> Reservation:
    """Somebody wants so many seconds heard."""
    return Reservation(person, -5, "hear", amount, job, day)


async def entries(database: Database) -> list[tuple[object, ...]]:
    """All that is written down, times aside."""
    columns = (rows.c.job, rows.c.state, rows.c.amount, rows.c.reason)

    async def read(connection: AsyncConnection) -> list[tuple[object, ...]]:
        return [
            tuple(row) for row in await connection.execute(select(*columns).order_by(rows.c.job))
        ]

    return await database.read(read)


async def test_a_day_holds_as_much_as_its_limit(ledger: Ledger) -> None:
    """A refusal tells what is left, and something shorter may still fit."""
    assert Verdict(True, 40) == await ledger.reserve(hearing(60, 1), 100)
    assert Verdict(False, 40) == await ledger.reserve(hearing(41, 2), 100)
    assert Verdict(True, 0) == await ledger.reserve(hearing(40, 3), 100)
    assert Verdict(False, 0) == await ledger.reserve(hearing(0.5, 4), 100)
    assert 100 == await ledger.used(1, "hear", TODAY)


async def test_people_skills_and_days_are_counted_apart(ledger: Ledger) -> None:
    """What one has used up is there for all others, for other skills and tomorrow."""
    full = hearing(10, 1)
    others = [
        full,
        replace(full, job=2, person=2),
        replace(full, skill="speak"),
        replace(full, job=3, day=TOMORROW),
    ]
    verdicts = [await ledger.reserve(one, 10) for one in others]
    assert [Verdict(True, 0)] * 4 == verdicts
    assert not (await ledger.reserve(hearing(1, 4), 10)).granted


async def test_without_a_limit_all_is_granted_and_counted(ledger: Ledger) -> None:
    """The owner can see what is used before they limit it."""
    assert Verdict(True, math.inf) == await ledger.reserve(hearing(1e9, 1), None)
    assert 1e9 == await ledger.used(1, "hear", TODAY)
    assert Verdict(False, 0) == await ledger.reserve(hearing(1, 2), 60)


async def test_a_job_that_begins_again_is_counted_once(ledger: Ledger) -> None:
    """It is granted what it had, even if the day is full or over, or the limit lower by now."""
    await ledger.reserve(hearing(10, 1), 10)
    assert Verdict(True, 0) == await ledger.reserve(hearing(10, 1), 10)
    assert (await ledger.reserve(hearing(10, 1), 5)).granted
    assert (await ledger.reserve(hearing(10, 1, day=TOMORROW), 10)).granted
    assert {TODAY: 10} == await ledger.by_day(1, "hear", TODAY)


async def test_a_job_that_was_cut_short_after_it_settled_is_counted_once(ledger: Ledger) -> None:
    """Between settling and ending the program may be killed."""
    await ledger.reserve(hearing(10, 1), 10)
    await ledger.settle(1, "hear", 8)
    assert (await ledger.reserve(hearing(10, 1), 8)).granted
    await ledger.settle(1, "hear", 8)
    assert 8 == await ledger.used(1, "hear", TODAY)


async def test_what_is_settled_is_what_was_used(ledger: Ledger, database: Database) -> None:
    """What was reserved beyond that is there for others; more than was reserved it never is."""
    await ledger.reserve(hearing(10, 1), 15)
    await ledger.settle(1, "hear", 4.5, "heard")
    assert Verdict(True, 0.5) == await ledger.reserve(hearing(10, 2), 15)
    await ledger.settle(2, "hear", 3600)
    assert [(1, "settled", 4.5, "heard"), (2, "settled", 10, "")] == await entries(database)


async def test_what_is_given_back_can_be_used_again(ledger: Ledger) -> None:
    """By the same job, too, and then it counts to the day on which it asks."""
    await ledger.reserve(hearing(10, 1), 10)
    await ledger.refund(1, "hear", "all are down")
    assert 0 == await ledger.used(1, "hear", TODAY)
    assert (await ledger.reserve(hearing(6, 2), 10)).granted
    assert Verdict(False, 4) == await ledger.reserve(hearing(10, 1), 10)
    assert (await ledger.reserve(hearing(9, 1, day=TOMORROW), 10)).granted
    assert {TODAY: 6, TOMORROW: 9} == await ledger.by_day(1, "hear", TODAY)
    assert {TOMORROW: 9} == await ledger.by_day(1, "hear", TOMORROW)


async def test_what_is_settled_or_given_back_stays_so(ledger: Ledger, database: Database) -> None:
    """A word that comes late or twice changes nothing, and a stranger's job has no entry."""
    for job in (1, 2):
        await ledger.reserve(hearing(10, job), None)
    await ledger.settle(1, "hear", 5, "heard")
    await ledger.refund(1, "hear", "late")
    await ledger.settle(1, "hear", 1, "twice")
    await ledger.refund(2, "hear", "stopped")
    await ledger.settle(2, "hear", 5, "late")
    await ledger.settle(3, "hear", 5)
    await ledger.refund(1, "speak", "another skill")
    assert [(1, "settled", 5, "heard"), (2, "refunded", 10, "stopped")] == await entries(database)


async def test_fractions_reach_their_limit(ledger: Ledger) -> None:
    """Ten tenths are one, whatever computers say."""
    granted = [(await ledger.reserve(hearing(0.1, job), 1.0)).granted for job in range(1, 12)]
    assert [True] * 10 + [False] == granted


@pytest.mark.parametrize("amount", [-1.0, -0.001, math.nan, math.inf])
async def test_what_nobody_can_use_is_no_amount(ledger: Ledger, amount: float) -> None:
    """A damaged header must not make room for more."""
    await ledger.reserve(hearing(1, 1), None)
    with pytest.raises(ValueError, match="no amount"):
        hearing(amount, 2)
    with pytest.raises(ValueError, match="no amount"):
        await ledger.settle(1, "hear", amount)
    assert 1 == await ledger.used(1, "hear", TODAY)


async def test_what_jobs_left_behind_is_given_back(
    ledger: Ledger, database: Database, jobs: Jobs, talk: Talk
) -> None:
    """One that nobody knows any more cannot do so itself; others keep what they have."""
    added = await jobs.add([talk.job(talk.says(chat=chat)) for chat in (1, 2, 3, 4)])
    dropped, done, waiting, running = [one.job for one in added]
    for job in (dropped, done, waiting, running, 999):
        await ledger.reserve(hearing(job, job), None)
    await ledger.settle(done, "hear", 1)
    await jobs.cancel_job(dropped, 1)
    await jobs.claim({"text": 1}, "w")
    await jobs.finish(Ending(done, "w", State.DONE))
    await jobs.claim({"text": 1}, "w")
    assert (1, 0) == (await ledger.release(), await ledger.release())
    states = {row[0]: row[1] for row in await entries(database)}
    kept = {done: "settled", waiting: "reserved", running: "reserved"}
    assert kept | {dropped: "refunded", 999: "refunded"} == states


async def test_old_entries_are_forgotten(ledger: Ledger, clock: Clock) -> None:
    """All of them, some at a time, and no newer ones."""
    await asyncio.gather(*(ledger.reserve(hearing(1, job), None) for job in range(1, 1102)))
    clock.now += 10
    await ledger.reserve(hearing(1, 5000), None)
    assert 0 == await ledger.prune(clock.now - 10)
    assert 1101 == await ledger.prune(clock.now)
    assert 1 == await ledger.used(1, "hear", TODAY)


async def test_many_who_ask_at_once_do_not_overrun(ledger: Ledger) -> None:
    """All of them are written in one group, and the first five are granted."""
    asked = (ledger.reserve(hearing(1, job), 5) for job in range(1, 201))
    verdicts = await asyncio.gather(*asked)
    assert [Verdict(True, left) for left in (4, 3, 2, 1, 0)] == verdicts[:5]
    assert [Verdict(False, 0)] * 195 == verdicts[5:]
    assert 5 == await ledger.used(1, "hear", TODAY)


async def test_a_job_that_asks_many_times_at_once_is_counted_once(ledger: Ledger) -> None:
    """The same within one group."""
    verdicts = await asyncio.gather(*(ledger.reserve(hearing(3, 1), 5) for _ in range(50)))
    assert {Verdict(True, 2)} == set(verdicts)
    assert 3 == await ledger.used(1, "hear", TODAY)


async def test_programs_that_ask_at_once_do_not_overrun(url: str) -> None:
    """Four programs that know nothing of each other share one person's day."""
    programs = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.storage.reserver", url),
            *(str(1 + 50 * number), "50", "5"),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        for number in range(4)
    ]
    said = [(await program.communicate())[0] for program in programs]
    assert [0] * 4 == [program.returncode for program in programs]
    assert 5 == sum(int(one) for one in said)
    async with await Database.open(url, durable=False) as database:
        assert 5 == await Ledger(database).used(1, "hear", TODAY)


async def test_a_sum_looks_at_nothing_but_the_entries_it_adds(
    make_sqlite_url: Callable[[], str],
) -> None:
    """A long history makes no question slow: its index holds all that is asked for."""
    url = make_sqlite_url()
    statement = str(reserving.USED.compile(dialect=sqlite.dialect()))
    connection = sqlite3.connect(str(make_url(url).database))
    [plan] = connection.execute(
        f"EXPLAIN QUERY PLAN {statement}", (0.0, 1, "hear", TODAY)
    ).fetchall()
    connection.close()
    wanted = "USING COVERING INDEX ix_ledger_counted (person=? AND skill=? AND day=?"
    assert wanted in plan[-1]
