"""A job that costs something is accepted as far as crowd and quota allow, else it tells why not."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url

from storage import accounts
from storage.database import Database
from storage.intake import Added
from storage.jobs import Jobs, NewJob
from storage.ledger import Ledger, Reservation
from storage.quotas import Amounts, Crowd, Quotas, Used, Why
from tests.storage.studio import TODAY, TOMORROW, charge, entries, film
from tests.storage.workshop import Clock, Talk

YESTERDAY = "2026-01-30"


async def whys(jobs: Jobs, *asked: NewJob) -> list[Why | None]:
    """What becomes of each, all at once."""
    return [one.refused for one in await jobs.add(asked)]


async def told(jobs: Jobs, added: Added) -> str:
    """What a refused job says in its checkpoint."""
    found = await jobs.get(added.job)
    assert found
    return found.job.checkpoint


async def test_what_is_granted_is_reserved_for_the_job(
    jobs: Jobs, talk: Talk, database: Database
) -> None:
    """The job is what was asked for, and its entry has its number."""
    [added] = await jobs.add([film(talk)])
    assert Added(added.job, fresh=True, merged=False, refused=None) == added
    assert [(added.job, "reserved", 1, 4.0, "")] == await entries(database)
    [job] = await jobs.claim({"video": 1}, "w")
    assert ("film", "-5", "") == (job.task, job.lane, job.checkpoint)


async def test_what_is_refused_becomes_a_job_that_tells_why(
    jobs: Jobs, talk: Talk, database: Database
) -> None:
    """It waits for nobody, writes an answer of its own, and costs nothing."""
    [first] = await jobs.add([film(talk)])
    refused = film(
        talk,
        charge(amounts=Amounts(per_day=1), instead="say_no"),
        update=77,
        hold=3.0,
        join="film",
        answer=first.job,
    )
    [added] = await jobs.add([refused])
    assert Added(added.job, fresh=True, merged=False, refused=Why.PER_DAY) == added
    [job] = await jobs.claim({"quick": 1}, "w")
    assert (added.job, "say_no", "-5!77") == (job.id, job.task, job.lane)
    assert ("per_day 0", added.job, refused.incoming) == (job.checkpoint, job.answer, job.payload)
    assert [first.job] == [row[0] for row in await entries(database)]


async def test_what_is_refused_has_no_update_either(jobs: Jobs, talk: Talk) -> None:
    """Then the message names its lane."""
    asked = film(talk, charge(amounts=Amounts(per_day=0)), update=None)
    [added] = await jobs.add([asked])
    found = await jobs.get(added.job)
    assert found
    assert f"-5!{asked.incoming.message}" == found.job.lane


async def test_a_day_holds_as_many_as_its_limit(jobs: Jobs, talk: Talk) -> None:
    """Those that come together are decided one after the other, too."""
    assert [None] * 3 == await whys(jobs, *(film(talk) for _ in range(3)))
    expected = [None, None, Why.PER_DAY, Why.PER_DAY]
    assert expected == await whys(jobs, *(film(talk) for _ in range(4)))


async def test_people_skills_and_days_are_counted_apart(jobs: Jobs, talk: Talk) -> None:
    """In a group the one who asks pays."""
    one = Amounts(per_day=1)
    costs = [charge(amounts=one), charge(amounts=one, skill="image")]
    asked = [film(talk, cost, person=person) for cost in costs for person in (1, 2)]
    tomorrow = film(talk, charge(amounts=one, day=TOMORROW))
    assert [None] * 5 == await whys(jobs, *asked, tomorrow)
    assert [Why.PER_DAY] * 4 == await whys(jobs, *map(_anew, asked))


def _anew(asked: NewJob) -> NewJob:
    return replace(asked, update=(asked.update or 0) + 1000)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (Amounts(per_day=2), "per_day 0"),
        (Amounts(per_month=3), "per_month 0"),
        (Amounts(seconds_per_day=11.5), "seconds_per_day 3.5"),
        (Amounts(seconds_per_month=15), "seconds_per_month 3"),
        (Amounts(per_day=9, per_month=1, seconds_per_day=1), "per_month 0"),
        (Amounts(seconds_per_day=7.9), "seconds_per_day 0"),
    ],
)
async def test_each_amount_is_a_limit(
    jobs: Jobs, talk: Talk, amounts: Amounts, expected: str
) -> None:
    """Two of today and one of this month are there; the reason says how much is left."""
    await jobs.add([film(talk, charge(day=day)) for day in (YESTERDAY, TODAY, TODAY)])
    await jobs.add([film(talk, charge(day=TOMORROW)), film(talk, person=2)])
    [added] = await jobs.add([film(talk, charge(amounts=amounts))])
    assert expected == await told(jobs, added)


async def test_without_amounts_everything_is_granted_and_counted(
    jobs: Jobs, talk: Talk, database: Database
) -> None:
    """The owner can see what is used before they limit it."""
    assert [None] * 9 == await whys(jobs, *(film(talk, charge(9, Amounts())) for _ in range(9)))
    assert Used(9, 81) == (await Quotas(database).standing(1, "video", TODAY)).today


async def test_seconds_that_just_fit_are_granted(jobs: Jobs, talk: Talk) -> None:
    """Three tenths are 0.3, whatever computers say, and what takes no time always fits."""
    cost = charge(0.1, Amounts(seconds_per_day=0.3))
    assert [None] * 3 == await whys(jobs, *(film(talk, cost) for _ in range(3)))
    assert [Why.SECONDS_PER_DAY, None] == await whys(
        jobs, film(talk, cost), film(talk, replace(cost, seconds=0.0))
    )


@pytest.mark.parametrize("seconds", [-1.0, math.nan, math.inf])
def test_what_nothing_can_last_is_no_charge(seconds: float) -> None:
    """A damaged number must not make room for more."""
    with pytest.raises(ValueError, match="no amount"):
        charge(seconds)


@pytest.mark.parametrize(
    ("crowd", "expected"),
    [
        (Crowd(queue=4), "queue 0"),
        (Crowd(queue=3), "queue 0"),
        (Crowd(waiting=1), "waiting 0"),
        (Crowd(at_once=2), "at_once 0"),
        (Crowd(queue=5, waiting=2, at_once=3), ""),
        (Crowd(queue=0, waiting=0, at_once=0), "queue 0"),
        (Crowd(waiting=0, at_once=0), "waiting 0"),
    ],
)
async def test_a_crowd_has_its_limits(jobs: Jobs, talk: Talk, crowd: Crowd, expected: str) -> None:
    """One of theirs runs and one waits; two of others wait; what is over or elsewhere is not there.

    The crowd comes before the quota, which is used up here.
    """
    await jobs.add([film(talk, lane="a"), film(talk, person=2), film(talk, person=3)])
    assert 1 == len(await jobs.claim({"video": 1}, "w"))
    await jobs.add([film(talk, lane="a"), film(talk, pool="image"), film(talk, lane="over")])
    await jobs.cancel("over", 1)
    amounts = Amounts(per_day=0 if expected else None)
    [added] = await jobs.add([film(talk, charge(amounts=amounts, crowd=crowd))])
    assert expected == await told(jobs, added)


async def test_those_who_come_together_are_a_crowd(jobs: Jobs, talk: Talk) -> None:
    """Jobs that cost nothing stand in the same line; what was refused does not."""
    crowded = charge(crowd=Crowd(queue=4, waiting=2))
    free = replace(film(talk), charge=None)
    asked = [film(talk, crowded), free, film(talk, crowded)]
    others = [film(talk, crowded, person=person) for person in (2, 3, 4)]
    expected = [None, None, Why.WAITING, None, None, Why.QUEUE]
    assert expected == await whys(jobs, *asked, *others)


async def test_what_is_known_already_costs_nothing(
    jobs: Jobs, talk: Talk, database: Database
) -> None:
    """An update that comes again, at once or later, is the same."""
    asked = film(talk)
    first, second = await jobs.add([asked, asked])
    [third] = await jobs.add([asked])
    assert (True, False, False) == (first.fresh, second.fresh, third.fresh)
    assert [first.job] == [row[0] for row in await entries(database)]


async def test_what_joins_another_costs_nothing(jobs: Jobs, talk: Talk, database: Database) -> None:
    """Neither at the same moment nor later, however full the day is by then."""
    cost = charge(amounts=Amounts(per_day=1))
    parts = [film(talk, cost, hold=2.0, join="film") for _ in range(3)]
    together = [*await jobs.add(parts[:2]), *await jobs.add(parts[2:])]
    assert [(False, None), (True, None), (True, None)] == [
        (one.merged, one.refused) for one in together
    ]
    assert [(together[0].job, "reserved", 1, 4.0, "")] == await entries(database)


async def test_what_joins_a_refused_one_is_refused_with_it(jobs: Jobs, talk: Talk) -> None:
    """It is one job that tells why."""
    cost = charge(amounts=Amounts(per_day=0))
    one, two = await jobs.add([film(talk, cost, hold=2.0, join="film") for _ in range(2)])
    assert (Why.PER_DAY, Why.PER_DAY, one.job) == (one.refused, two.refused, two.job)
    assert 1 == len(await jobs.claim({"quick": 9}, "w"))


async def test_a_limit_lowered_below_what_is_used_lets_nothing_in(jobs: Jobs, talk: Talk) -> None:
    """What is reserved stays so, and nothing is left rather than less than nothing."""
    await jobs.add([film(talk) for _ in range(4)])
    [added] = await jobs.add([film(talk, charge(amounts=Amounts(per_day=2)))])
    assert "per_day 0" == await told(jobs, added)
    assert [None, Why.PER_DAY] == await whys(jobs, film(talk), film(talk))


async def test_a_limit_of_their_own_holds_instead(
    jobs: Jobs, talk: Talk, database: Database
) -> None:
    """More or less than others may have, until it is taken away again."""
    quotas = Quotas(database)
    await quotas.set_daily(1, "video", 2, by=42)
    asked = [film(talk, charge(amounts=Amounts())) for _ in range(3)]
    assert [None, None, Why.PER_DAY] == await whys(jobs, *asked)
    await quotas.set_daily(1, "video", 6, by=42)
    assert [None] * 4 + [Why.PER_DAY] == await whys(jobs, *(film(talk) for _ in range(5)))
    await quotas.set_daily(1, "video", None, by=42)
    assert [Why.PER_DAY] == await whys(jobs, film(talk))
    assert [None] == await whys(jobs, film(talk, person=2))


async def test_a_clock_that_is_set_back_fills_the_day_before(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """The day is what the charge says it is; no time decides anything."""
    assert [None] * 5 == await whys(jobs, *(film(talk) for _ in range(5)))
    clock.now -= 100_000
    late = charge(day=YESTERDAY)
    assert [None] * 5 + [Why.PER_DAY] == await whys(jobs, *(film(talk, late) for _ in range(6)))
    assert [Why.PER_DAY] == await whys(jobs, film(talk))


async def test_what_others_reserve_counts_too(jobs: Jobs, talk: Talk, database: Database) -> None:
    """The ledger of sound and pages and this one are the same."""
    await Ledger(database).reserve(Reservation(1, -5, "video", 20.0, 999, TODAY), None)
    cost = charge(4.0, Amounts(seconds_per_day=27))
    assert [None, Why.SECONDS_PER_DAY] == await whys(jobs, film(talk, cost), film(talk, cost))


async def test_a_hundred_at_the_same_moment_are_each_decided_alone(
    jobs: Jobs, talk: Talk, database: Database
) -> None:
    """From fifty people, of whom each may have one, in a line for thirty."""
    cost = charge(amounts=Amounts(per_day=1), crowd=Crowd(queue=30))
    asked = [film(talk, cost, person=1 + number % 50) for number in range(100)]
    added = [one for [one] in await asyncio.gather(*(jobs.add([one]) for one in asked))]
    assert [None] * 30 + [Why.QUEUE] * 70 == [one.refused for one in added]
    assert 30 == len(await entries(database))
    assert 100 == len({one.job for one in added}) == await jobs.unfinished()


async def test_sums_look_at_nothing_but_the_entries_they_add(
    make_sqlite_url: Callable[[], str],
) -> None:
    """A long history makes no decision slow: the index holds all that is asked for."""
    bound = accounts.MONTH.params(
        people=[1, 2], skill="video", first=TODAY, last=TODAY, month=TODAY[:7]
    )
    statement = bound.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    connection = sqlite3.connect(str(make_url(make_sqlite_url()).database))
    plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    connection.close()
    steps = [row[-1] for row in plan if row[-1].startswith(("SEARCH", "SCAN"))]
    wanted = "SEARCH ledger USING COVERING INDEX ix_ledger_counted (person=? AND skill=? AND day>?"
    assert wanted in steps[0]
    assert all(step.startswith("SEARCH") for step in steps)
