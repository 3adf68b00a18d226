"""What people have used, what they were granted, and what is left of old months."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from storage import rolling, standings
from storage.database import Database
from storage.jobs import Ending, Jobs
from storage.quotas import Amounts, Entry, Gift, Line, Quotas, Standing, Used, Why
from storage.tables import ledger, ledger_months, overrides
from tests.storage.studio import TODAY, TOMORROW, charge, entries, film
from tests.storage.workshop import Clock, Talk

YESTERDAY = "2026-01-30"


@pytest.fixture
def quotas(database: Database, clock: Clock) -> Quotas:
    """The quotas of the database."""
    return Quotas(database, clock)


def gift(units: int, seconds: float = 0.0, **fields: Any) -> Gift:
    """More for somebody."""
    return Gift(**{"person": 1, "chat": -5, "skill": "video", "day": TODAY, "units": units,
                   "seconds": seconds, **fields})  # fmt: skip


async def end(jobs: Jobs, spent: float | None) -> int:
    """End the next film."""
    [job] = await jobs.claim({"video": 1}, "w")
    await jobs.finish(Ending(job.id, "w", State.DONE, spent=spent))
    return job.id


async def months(database: Database) -> list[tuple[Any, ...]]:
    """What has become one line."""
    table = ledger_months
    statement = select(table).order_by(table.c.person, table.c.skill, table.c.month)

    async def read(connection: AsyncConnection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await connection.execute(statement)]

    return await database.read(read)


async def test_who_used_nothing_has_used_nothing(quotas: Quotas) -> None:
    """There is an answer for everybody."""
    nothing = Standing(Used(), Used(), Used(), Used(), None)
    assert nothing == await quotas.standing(1, "video", TODAY)
    assert {} == await quotas.by_day(1, "video", TODAY)
    assert [] == await quotas.lines(1, "video", TODAY)


async def test_a_standing_tells_day_and_month(quotas: Quotas, jobs: Jobs, talk: Talk) -> None:
    """What is reserved counts like what was used, what was given back does not."""
    days = [YESTERDAY, TODAY, TODAY, TODAY, TOMORROW]
    await jobs.add([film(talk, charge(day=day)) for day in days])
    await jobs.add([film(talk, person=2), film(talk, charge(skill="image"))])
    for spent in (3.0, None, 2.0):
        await end(jobs, spent)
    await quotas.set_daily(1, "video", 7, by=42)
    expected = Standing(Used(2, 6.0), Used(3, 9.0), Used(1, 4.0), Used(), 7)
    assert expected == await quotas.standing(1, "video", TODAY)
    assert {YESTERDAY: 1, TODAY: 2, TOMORROW: 1} == await quotas.by_day(1, "video", YESTERDAY)
    assert {TOMORROW: 1} == await quotas.by_day(1, "video", TOMORROW)


async def test_what_is_granted_gives_more_today(quotas: Quotas, jobs: Jobs, talk: Talk) -> None:
    """To that person, of that skill, on that day; a chart shows what was used."""
    cost = charge(amounts=Amounts(per_day=1, seconds_per_day=4))
    await jobs.add([film(talk, cost)])
    assert await quotas.grant(gift(2, 8.0), by=42, job=900)
    elsewhere = [film(talk, cost, person=2) for _ in range(2)]
    asked = await jobs.add([*(film(talk, cost) for _ in range(3)), *elsewhere])
    expected = [None, None, Why.PER_DAY, None, Why.PER_DAY]
    assert expected == [one.refused for one in asked]
    standing = await quotas.standing(1, "video", TODAY)
    assert (Used(1, 4.0), Used(2, 8.0)) == (standing.today, standing.granted)
    assert {TODAY: 3} == await quotas.by_day(1, "video", TODAY)


async def test_a_job_grants_once(quotas: Quotas) -> None:
    """It may be repeated after a crash, and by two programs at the same moment."""
    granted = await asyncio.gather(*(quotas.grant(gift(2), by=42, job=900) for _ in range(5)))
    assert [True] + [False] * 4 == granted
    assert Used(-2, 0.0) == (await quotas.standing(1, "video", TODAY)).today


@pytest.mark.parametrize("amount", [-1, math.nan, math.inf])
async def test_nobody_is_granted_less_than_nothing(quotas: Quotas, amount: Any) -> None:
    """A slip of the finger must not take what others may use."""
    with pytest.raises(ValueError, match="no amount"):
        gift(amount)
    with pytest.raises(ValueError, match="no amount"):
        gift(1, amount)
    with pytest.raises(ValueError, match="no amount"):
        await quotas.set_daily(1, "video", amount, by=42)


async def test_who_set_a_limit_is_known(quotas: Quotas, database: Database, clock: Clock) -> None:
    """The last one counts, and one that is taken away leaves nothing."""

    async def read(connection: AsyncConnection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await connection.execute(select(overrides))]

    await quotas.set_daily(1, "video", 7, by=42)
    clock.now += 5
    await quotas.set_daily(1, "video", 0, by=43)
    assert [(1, "video", 0, 43, clock.now)] == await database.read(read)
    await quotas.set_daily(1, "video", None, by=42)
    await quotas.set_daily(2, "video", None, by=42)
    assert [] == await database.read(read)


async def test_each_line_has_its_reason(
    quotas: Quotas, jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """All of a day, oldest first, what was given back as well."""
    await jobs.add([film(talk) for _ in range(4)])
    await jobs.add([film(talk, charge(day=TOMORROW)), film(talk, person=2)])
    first, second = await end(jobs, 2.5), await end(jobs, None)
    await jobs.cancel_job(second + 1, 1)
    await quotas.grant(gift(2, 8.0), by=42, job=900)
    assert [
        Line(first, 1, 2.5, Entry.SETTLED, "done", clock.now),
        Line(second, 1, 4.0, Entry.REFUNDED, "done", clock.now),
        Line(second + 1, 1, 4.0, Entry.REFUNDED, "cancelled", clock.now),
        Line(second + 2, 1, 4.0, Entry.RESERVED, "", clock.now),
        Line(900, -2, -8.0, Entry.SETTLED, "granted by 42", clock.now),
    ] == await quotas.lines(1, "video", TODAY)


async def test_months_that_are_over_become_one_line(
    quotas: Quotas, jobs: Jobs, talk: Talk, database: Database
) -> None:
    """Sums stay, and what is reserved stays as it is."""
    free, last_year = Amounts(), "2025-12-31"
    await jobs.add([film(talk, charge(1.5, free, day=last_year)) for _ in range(3)])
    await jobs.add([film(talk, charge(4.0, free, day=day)) for day in (TODAY, YESTERDAY, TOMORROW)])
    for spent in (1.5, 1.0, None, 2.0, 4.0, 3.0):
        await end(jobs, spent)
    await jobs.add([film(talk, person=2)])
    await quotas.grant(gift(3, 1.0), by=42, job=900)
    before = await quotas.standing(1, "video", TODAY)
    assert 3 == await quotas.roll_up(TODAY)
    assert 3 == await quotas.roll_up(TOMORROW)
    assert 0 == await quotas.roll_up(TOMORROW)
    assert [
        (1, "video", "2025-12", 2, 2.5),
        (1, "video", "2026-01", -1, 5.0),
    ] == await months(database)
    after = await quotas.standing(1, "video", TODAY)
    assert before.month == after.month == Used(-1, 5.0)
    assert 2 == len(await entries(database))
    [added] = await jobs.add([film(talk, charge(amounts=Amounts(seconds_per_month=8.5)))])
    assert Why.SECONDS_PER_MONTH == added.refused


async def test_what_is_not_over_is_not_rolled_up(
    quotas: Quotas, jobs: Jobs, talk: Talk, database: Database
) -> None:
    """A grant of a job that runs must be found when it begins again; it is rolled up later."""
    [reserved, granting] = await jobs.add([film(talk), talk.job(talk.says(chat=7))])
    assert await quotas.grant(gift(2), by=7, job=granting.job)
    assert 0 == await quotas.roll_up("2027-01-01")
    assert not await quotas.grant(gift(2), by=7, job=granting.job)
    await jobs.claim({"text": 1, "video": 1}, "w")
    await jobs.finish(Ending(granting.job, "w", State.DONE))
    assert 1 == await quotas.roll_up("2027-01-01")
    await jobs.finish(Ending(reserved.job, "w", State.DONE, spent=2.0))
    assert 1 == await quotas.roll_up("2027-01-01")
    assert [(1, "video", "2026-01", -1, 2.0)] == await months(database)


async def test_what_is_used_again_meanwhile_is_not_rolled_up(
    quotas: Quotas, jobs: Jobs, talk: Talk, database: Database
) -> None:
    """Between the look and the piece somebody may reserve anew what was given back."""
    await jobs.add([film(talk), film(talk)])
    ended = await end(jobs, 1.0)
    [entry] = await database.read(lambda c: rolling.closed(c, 0, TOMORROW))
    assert 1 == await database.write(rolling.roll, [entry, entry + 1])
    assert [(1, "video", "2026-01", 1, 1.0)] == await months(database)
    assert [(ended + 1, "reserved", 1, 4.0, "")] == await entries(database)


async def many_entries(database: Database, many: int) -> None:
    """A year of three people, of whom each used a quarter of a second an entry."""
    rows = [
        {
            "person": 1 + number % 3,
            "skill": "video",
            "amount": 0.25,
            "state": "settled",
            "job": 10_000 + number,
            "day": f"2025-{1 + number % 12:02}-{1 + number % 28:02}",
        }
        for number in range(many)
    ]

    async def fill(connection: AsyncConnection, items: Any) -> Any:
        await connection.execute(insert(ledger), rows)
        return items

    await database.write(fill, None)


async def test_two_programs_that_roll_up_at_once_count_once(url: str, opened: Any) -> None:
    """In many pieces, whichever of them takes which, while others write."""
    databases = [await opened(url) for _ in range(3)]
    await many_entries(databases[0], 2400)
    took = await asyncio.gather(
        *(Quotas(one).roll_up("2026-01-01") for one in databases),
        *(Jobs(one).add([Talk().job(update=number)]) for number, one in enumerate(databases)),
    )
    assert 2400 == sum(one for one in took if isinstance(one, int))
    found = await months(databases[0])
    assert (2400, 600.0) == (sum(row[3] for row in found), sum(row[4] for row in found))
    assert 12 == len(found)


async def test_a_roll_up_that_is_cut_short_goes_on(url: str, opened: Any) -> None:
    """At whatever piece it ends, what is rolled up and what is not yet are all there is."""
    database = await opened(url)
    await many_entries(database, 1800)
    rolling = asyncio.create_task(Quotas(database).roll_up("2026-01-01"), name="roll up")
    while not await months(database):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0)
    rolling.cancel()
    await asyncio.wait([rolling])
    await Quotas(database).set_daily(1, "video", 1, by=42)  # after what it had begun to write
    left = len(await entries(database))
    assert 1800 - left == sum(row[3] for row in await months(database))
    await Quotas(database).roll_up("2026-01-01")
    assert 1800 == sum(row[3] for row in await months(database))


async def test_lines_are_found_by_their_indexes(make_sqlite_url: Callable[[], str]) -> None:
    """The whole ledger is never walked through for one person."""
    bound = standings.LINES.params(person=1, skill="video", day=TODAY)
    statement = bound.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    connection = sqlite3.connect(str(make_url(make_sqlite_url()).database))
    plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    connection.close()
    steps = [row[-1] for row in plan if "ledger" in row[-1]]
    assert ["ix_ledger_counted", "ix_ledger_refunded"] == [step.split()[4] for step in steps]
    assert all("(person=? AND skill=? AND day=?" in step for step in steps)
