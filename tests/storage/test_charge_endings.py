"""What a job has reserved is settled or given back once, in the transaction that ends it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from storage.database import Database
from storage.jobs import Ending, Jobs
from storage.ledger import Ledger, Reservation
from storage.tables import jobs as jobs_table
from tests.storage.studio import TODAY, charge, entries, film
from tests.storage.workshop import Talk


@pytest.fixture
async def running(jobs: Jobs, talk: Talk) -> int:
    """A film of four seconds that is being made."""
    await jobs.add([film(talk)])
    [job] = await jobs.claim({"video": 1}, "w")
    return job.id


@pytest.mark.parametrize(
    ("spent", "seconds"),
    [(2.5, 2.5), (4.0, 4.0), (9.0, 4.0), (0.0, 0.0), (-1.0, 0.0), (math.inf, 4.0), (math.nan, 4.0)],
)
async def test_what_was_spent_is_settled(
    jobs: Jobs, database: Database, running: int, spent: float, seconds: float
) -> None:
    """At the most what was reserved, and at the least nothing; it stays one piece."""
    await jobs.finish(Ending(running, "w", State.DONE, spent=spent))
    assert [(running, "settled", 1, seconds, "done")] == await entries(database)


async def test_a_failure_costs_nothing(jobs: Jobs, database: Database, running: int) -> None:
    """The reason of the ending is the reason of the entry."""
    await jobs.finish(Ending(running, "w", State.DONE, reason="out of memory"))
    assert [(running, "refunded", 1, 4.0, "out of memory")] == await entries(database)


async def test_an_ending_without_a_reason_has_one(
    jobs: Jobs, database: Database, running: int
) -> None:
    """How it ended says as much as there is to say."""
    await jobs.finish(Ending(running, "w", State.DEAD))
    assert [(running, "refunded", 1, 4.0, "dead")] == await entries(database)


async def test_only_the_worker_that_runs_it_ends_what_it_reserved(
    jobs: Jobs, database: Database, running: int
) -> None:
    """And only once, even where both endings come at the same moment."""
    await jobs.finish(Ending(running, "another", State.DONE, spent=1.0))
    assert [(running, "reserved", 1, 4.0, "")] == await entries(database)
    endings = [Ending(running, "w", State.DONE, spent=spent) for spent in (2.0, None)]
    await asyncio.gather(*(jobs.finish(one) for one in endings))
    await jobs.finish(endings[1])
    assert [(running, "settled", 1, 2.0, "done")] == await entries(database)


async def test_what_is_closed_before_the_ending_stays_as_it_is(
    jobs: Jobs, database: Database, running: int
) -> None:
    """Sound and pages are settled by those who use them; each entry ends by its own word."""
    ledger = Ledger(database)
    for skill in ("hear", "speak"):
        await ledger.reserve(Reservation(1, -5, skill, 60.0, running, TODAY), None)
    await ledger.settle(running, "hear", 30.0)
    await ledger.refund(running, "speak", "it was silent")
    await jobs.finish(Ending(running, "w", State.DONE, spent=3.0))
    await ledger.settle(running, "video", 1.0)
    assert [
        (running, "settled", 1, 3.0, "done"),
        (running, "settled", 1, 30.0, ""),
        (running, "refunded", 1, 60.0, "it was silent"),
    ] == await entries(database)


@pytest.mark.parametrize("way", ["lane", "job", "anybody", "chat"])
async def test_what_never_starts_costs_nothing(
    jobs: Jobs, talk: Talk, database: Database, running: int, way: str
) -> None:
    """What waits is given back with the reason; what runs goes on until its task ends it."""
    [added] = await jobs.add([film(talk)])
    stops: dict[str, Callable[[], Awaitable[object]]] = {
        "lane": lambda: jobs.cancel("-5", 1),
        "job": lambda: jobs.cancel_job(added.job, 1),
        "anybody": lambda: jobs.cancel_job(added.job, None),
        "chat": lambda: jobs.drop(-5),
    }
    for _ in range(2):
        await stops[way]()
    reason = "nobody reads" if way == "chat" else "cancelled"
    assert [
        (running, "reserved", 1, 4.0, ""),
        (added.job, "refunded", 1, 4.0, reason),
    ] == await entries(database)
    await jobs.finish(Ending(running, "w", State.DROPPED, reason="stopped", spent=1.5))
    assert (running, "settled", 1, 1.5, "stopped") == (await entries(database))[0]


async def test_others_keep_what_they_reserved(jobs: Jobs, talk: Talk, database: Database) -> None:
    """Nobody can give back what somebody else has."""
    [added] = await jobs.add([film(talk)])
    await jobs.cancel("-5", 2)
    await jobs.cancel_job(added.job, 2)
    await jobs.drop(-6)
    assert [(added.job, "reserved", 1, 4.0, "")] == await entries(database)


async def test_a_job_that_begins_again_is_charged_once(
    jobs: Jobs, talk: Talk, database: Database, running: int
) -> None:
    """Put back, passed on, or left by a worker that died: it keeps what it has."""
    await jobs.put_back(running, 0.0, "busy", worker="w")
    await jobs.claim({"video": 1}, "w")
    await jobs.recover(["w"])
    await jobs.claim({"video": 1}, "w")
    said = talk.says("a cat", chat=-5)
    assert await jobs.pass_on(running, "w", task="gif", pool="quick", payload=said)
    await jobs.claim({"quick": 1}, "w")
    assert [(running, "reserved", 1, 4.0, "")] == await entries(database)
    await jobs.finish(Ending(running, "w", State.DONE, spent=4.0))
    assert [(running, "settled", 1, 4.0, "done")] == await entries(database)


async def test_a_job_that_waits_again_is_given_back_when_it_is_dropped(
    jobs: Jobs, database: Database, running: int
) -> None:
    """Nobody runs it any more, so nobody else could."""
    await jobs.put_back(running, 1e12, "busy", worker="w")
    await jobs.cancel_job(running, 1)
    assert [(running, "refunded", 1, 4.0, "cancelled")] == await entries(database)


async def test_a_job_that_cannot_be_read_costs_nothing(
    jobs: Jobs, talk: Talk, database: Database
) -> None:
    """It is dead before it began."""
    [added] = await jobs.add([film(talk)])

    async def damage(connection: AsyncConnection, items: Any) -> Any:
        await connection.execute(update(jobs_table).values(payload="{"))
        return items

    await database.write(damage, None)
    assert [] == await jobs.claim({"video": 1}, "w")
    assert [(added.job, "refunded", 1, 4.0, "unreadable")] == await entries(database)


async def test_what_was_given_back_can_be_used_again(jobs: Jobs, talk: Talk, running: int) -> None:
    """A day that was full has a place again."""
    asked = await jobs.add([film(talk) for _ in range(5)])
    assert 4 == sum(one.refused is None for one in asked)
    await jobs.finish(Ending(running, "w", State.DONE, reason="failed"))
    again = await jobs.add([film(talk, charge(6.0)) for _ in range(2)])
    assert [True, False] == [one.refused is None for one in again]
