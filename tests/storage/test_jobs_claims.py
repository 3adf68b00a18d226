"""Who is served next: order inside a lane, fairness between people, and no clock in either."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from storage import claims, job_queries
from storage.database import Database
from storage.jobs import Ending, Jobs
from tests.storage.workshop import Clock, Talk


async def serve(jobs: Jobs, room: int = 1) -> list[str]:
    """Claim, and say what the jobs say."""
    return [job.payload.text for job in await jobs.claim({"text": room}, "w")]


async def end_all(jobs: Jobs, pool: str = "text") -> list[str]:
    """Claim and finish one after the other until nothing is left; what they said, in order."""
    served: list[str] = []
    while found := await jobs.claim({pool: 1}, "w"):
        served.append(found[0].payload.text)
        await jobs.finish(Ending(found[0].id, "w", State.DONE))
    return served


async def test_a_lane_is_served_in_order_and_one_at_a_time(jobs: Jobs, talk: Talk) -> None:
    """The second question of a chat waits for the answer to the first."""
    await jobs.add([talk.job(talk.says(word)) for word in ("one", "two")])
    [first] = await jobs.claim({"text": 9}, "w")
    assert "one" == first.payload.text
    assert [] == await serve(jobs)
    await jobs.finish(Ending(first.id, "w", State.DONE))
    assert ["two"] == await serve(jobs)


async def test_lanes_do_not_wait_for_each_other(jobs: Jobs, talk: Talk) -> None:
    """Each chat and each topic of a chat goes its own way."""
    places = [(1, None), (2, None), (-5, 1), (-5, 2)]
    said = [
        talk.says(f"{chat} {topic}", chat=chat, topic=topic, person=9) for chat, topic in places
    ]
    await jobs.add([talk.job(one) for one in said])
    assert [one.text for one in said] == await serve(jobs, 9)


async def test_the_person_served_least_lately_goes_first(jobs: Jobs, talk: Talk) -> None:
    """Somebody who asks once does not wait for somebody who asked ten times."""
    many = [talk.says(f"a{number}", chat=-number, person=1) for number in range(1, 5)]
    once = [talk.says("b", chat=2), talk.says("c", chat=3)]
    await jobs.add([talk.job(said) for said in [*many, *once]])
    assert ["a1", "b", "c", "a2", "a3", "a4"] == await end_all(jobs)


async def test_a_second_job_in_one_claim_counts_as_served_just_now(jobs: Jobs, talk: Talk) -> None:
    """A large claim serves people in the order in which many small ones would."""
    many = [talk.says(f"a{number}", chat=-number, person=1) for number in range(1, 4)]
    other = [talk.says("b1", chat=2), talk.says("b2", chat=-9, person=2)]
    await jobs.add([talk.job(said) for said in [*many, *other]])
    assert ["a1", "b1", "a2", "b2"] == await serve(jobs, 4)
    await jobs.add([talk.job(talk.says("c", chat=3)), talk.job(talk.says("b3", chat=-8, person=2))])
    assert ["c", "a3", "b3"] == await serve(jobs, 4)


async def test_each_pool_has_its_own_room(jobs: Jobs, talk: Talk) -> None:
    """A picture does not take the place of a text, and nobody claims what they did not ask for."""
    pools = ["text", "image", "text", "film", "image"]
    said = [talk.job(talk.says(pool, chat=n), pool=pool) for n, pool in enumerate(pools, 1)]
    await jobs.add(said)
    claimed = await jobs.claim({"text": 1, "image": 5, "film": 0}, "w")
    assert ["image", "image", "text"] == sorted(job.payload.text for job in claimed)
    assert [] == await jobs.claim({}, "w")
    assert {"text": 1, "film": 1} == await jobs.waiting_by_pool()


async def test_a_job_of_another_pool_blocks_its_lane_too(jobs: Jobs, talk: Talk) -> None:
    """An answer never overtakes the film that was asked for before it in the same lane."""
    await jobs.add([talk.job(talk.says("film"), pool="film"), talk.job(talk.says("text"))])
    assert [] == await serve(jobs)


async def test_a_held_job_blocks_its_lane_until_it_is_due(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """What comes after an unfinished album waits for it."""
    await jobs.add([talk.job(talk.says("album"), hold=1, join="album:1"), talk.job()])
    await jobs.add([talk.job(talk.says("other", chat=2), hold=3, join="paste:2")])
    assert [] == await serve(jobs, 9)
    assert clock.now + 1 == await jobs.next_due()
    clock.now += 1
    assert ["album"] == await serve(jobs, 9)
    assert clock.now + 2 == await jobs.next_due()
    clock.now += 2
    assert ["other"] == await serve(jobs, 9)
    assert await jobs.next_due() is None


@pytest.mark.parametrize("change", [-86_400.0, -2.0, 86_400.0])
async def test_a_clock_that_jumps_breaks_no_order_and_holds_nobody_up(
    jobs: Jobs, talk: Talk, clock: Clock, change: float
) -> None:
    """Daylight, time servers and flat batteries change when, never who and never whether."""
    await jobs.add([talk.job(talk.says("a", chat=1)), talk.job(talk.says("b", chat=2))])
    await jobs.add([talk.job(talk.says("held", chat=3), hold=1, join="paste:3")])
    assert ["a"] == await serve(jobs)
    clock.now += change
    await jobs.add([talk.job(talk.says("c", chat=4)), talk.job(talk.says("a2", chat=-7, person=1))])
    clock.now += 1
    assert ["b", "held", "c", "a2"] == await serve(jobs, 9)


async def test_a_job_is_claimed_under_the_conversation_that_was_current(
    jobs: Jobs, talk: Talk
) -> None:
    """Claims work for lanes that nobody has talked in before."""
    await jobs.add([talk.job(lane="new lane")])
    [job] = await jobs.claim({"text": 1}, "w")
    assert "new lane" == job.lane


async def damage(connection: AsyncConnection, group: Sequence[int]) -> Sequence[None]:
    """Make jobs unreadable, as a newer program's might be for an older one."""
    for job in group:
        await connection.execute(
            text("UPDATE jobs SET payload = '{}' WHERE id = :job"), {"job": job}
        )
    return [None] * len(group)


async def test_a_job_that_cannot_be_read_stops_nobody_else(
    jobs: Jobs, database: Database, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """It is dead and reported; what stands behind it is served."""
    added = await jobs.add([talk.job(talk.says(word)) for word in ("one", "two")])
    await database.write(damage, added[0].job)
    assert [] == await serve(jobs)
    assert ["two"] == await serve(jobs)
    assert ["unreadable_job"] == [getattr(one, "action", "") for one in caplog.records]


async def fill(connection: AsyncConnection, sizes: Sequence[tuple[int, int]]) -> Sequence[None]:
    """Many finished jobs and many that wait, in a thousand lanes."""
    for size, waiting in sizes:
        await connection.execute(
            text(
                "INSERT INTO jobs (lane, pool, task, person, chat, message, payload, state, "
                "finished_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                "WHERE i < :size) SELECT 'l' || (i % 1000), 'text', 'chat', i % 300, i % 1000, i, "
                "'{}', CASE WHEN i > :done THEN 'queued' ELSE 'done' END, "
                "CASE WHEN i > :done THEN NULL ELSE 1.0 * i END FROM n"
            ),
            {"size": size, "done": size - waiting},
        )
    return [None] * len(sizes)


async def plan(connection: AsyncConnection, statement: str) -> str:
    """How the database would run a statement."""
    if connection.dialect.name == "sqlite":
        rows = await connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"))
        return "\n".join(row.detail for row in rows)
    return "\n".join((await connection.execute(text(f"EXPLAIN {statement}"))).scalars())


async def analyse(connection: AsyncConnection, group: Sequence[None]) -> Sequence[None]:
    """Let PostgreSQL count what it has, as it does by itself after a while."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("ANALYZE"))
    return group


def full_scans(plan: str) -> list[str]:
    """The steps of a plan that look at every job there ever was."""
    kept = [line for line in plan.splitlines() if "ix_jobs_" not in line]
    return [line for line in kept if re.search(r"SCAN (jobs|ahead)|Seq Scan on jobs", line)]


QUESTIONS: dict[str, Select[Any]] = {
    "claim": claims.heads(1).params(pool_0="text", room_0=4, now=0.0),
    "next_due": job_queries._NEXT_DUE.params(now=0.0),
    "unfinished": job_queries._UNFINISHED,
    "positions": job_queries._POSITIONS.params(ids=[101_000]),
    "heads": job_queries._HEADS.params(now=0.0, since=0.0, but="film", most=9),
    "latest": job_queries._LATEST.params(answer=101_000),
    "find": job_queries._FIND.params(chat=1, message=50_000, but="film"),
}


async def test_finished_jobs_cost_a_question_nothing(database: Database) -> None:
    """With 100 000 finished and 2 000 waiting jobs, only those that wait are looked at."""
    await database.write(fill, (102_000, 2_000))
    await database.write(analyse, None)

    async def explain(connection: AsyncConnection) -> dict[str, str]:
        literal = {"literal_binds": True}
        return {
            name: await plan(
                connection,
                str(question.compile(dialect=connection.dialect, compile_kwargs=literal)),
            )
            for name, question in QUESTIONS.items()
        }

    plans = await database.read(explain)
    assert QUESTIONS.keys() == {name for name, steps in plans.items() if "jobs" in steps}
    assert {} == {name: steps for name, steps in plans.items() if full_scans(steps)}
