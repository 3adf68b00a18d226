"""What can be asked of the jobs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from storage.job_rows import COLUMNS, LIVE, QUEUED, RUNNING, Found, Head, Stored, job_of
from storage.tables import due, heard, jobs, people

_NOW: BindParameter[float] = bindparam("now")
_FULL = select(*COLUMNS, jobs.c.state, jobs.c.cancelled)
_GET = _FULL.where(jobs.c.id == bindparam("job"))
_NAMED = union(
    select(jobs.c.id).where(
        jobs.c.chat == bindparam("chat"),
        jobs.c.message == bindparam("message"),
        jobs.c.pool != bindparam("but"),
    ),
    select(heard.c.job).where(
        heard.c.chat == bindparam("chat"), heard.c.message == bindparam("message")
    ),
).subquery("named")
_FIND = _FULL.where(jobs.c.id == select(func.max(_NAMED.c.id)).scalar_subquery())
_LATEST = (
    _FULL.where(or_(jobs.c.id == bindparam("answer"), jobs.c.answer == bindparam("answer")))
    .order_by(jobs.c.id.desc())
    .limit(1)
)
_AHEAD = jobs.alias("ahead")
_HEADS = (
    select(*COLUMNS)
    .where(
        QUEUED,
        jobs.c.pool != bindparam("but"),
        jobs.c.created_at <= bindparam("since"),
        # what has been tried waits visibly; what is held for its other parts does not wait yet
        or_(due(jobs, _NOW), jobs.c.attempts > 0),
        ~exists().where(
            _AHEAD.c.lane == jobs.c.lane,
            _AHEAD.c.id < jobs.c.id,
            text("ahead.state IN ('queued', 'running')"),
        ),
    )
    .order_by(jobs.c.id + 0)  # by the bare id, SQLite would walk through all finished jobs
    .limit(bindparam("most", type_=Integer))
)
_NEXT_DUE = select(func.min(jobs.c.not_before)).where(QUEUED, not_(due(jobs, _NOW)))
_WORKERS = select(jobs.c.worker).where(RUNNING).distinct()
_CANCELLED = (
    select(jobs.c.id)
    .where(RUNNING, jobs.c.worker == bindparam("by"), jobs.c.cancelled)
    .order_by(jobs.c.id)
)
_RUNNING_IN = (
    select(jobs.c.id)
    .where(RUNNING, jobs.c.chat == bindparam("chat"), jobs.c.pool != bindparam("but"))
    .order_by(jobs.c.id)
)
_UNFINISHED = select(func.count()).select_from(jobs).where(LIVE)
_WAITING = select(jobs.c.pool, func.count().label("many")).where(QUEUED).group_by(jobs.c.pool)
_BUSY = select(jobs.c.pool, func.count().label("many")).where(RUNNING).group_by(jobs.c.pool)


def _positions() -> Select[tuple[int, int, str]]:
    """The place of each waiting job in its pool, in the order in which claims will come.

    A job cannot be served before what stands before it in its lane, so its place is at least
    theirs.
    """
    served = func.coalesce(people.c.served, 0)
    nth = func.row_number().over(partition_by=(jobs.c.pool, jobs.c.person), order_by=jobs.c.id)
    waiting = (
        select(*(jobs.c.id, jobs.c.pool, jobs.c.lane), nth.label("nth"), served.label("served"))
        .outerjoin_from(jobs, people, people.c.id == jobs.c.person)
        .where(QUEUED)
        .subquery("waiting")
    )
    order = (waiting.c.nth, waiting.c.served, waiting.c.id)
    rank = func.row_number().over(partition_by=waiting.c.pool, order_by=order)
    ranked = select(*(waiting.c.id, waiting.c.pool, waiting.c.lane), rank.label("rank")).subquery(
        "ranked"
    )
    place = func.max(ranked.c.rank).over(
        partition_by=(ranked.c.pool, ranked.c.lane), order_by=ranked.c.id
    )
    placed = select(ranked.c.id, ranked.c.pool, place.label("place")).subquery("placed")
    return select(placed.c.id, placed.c.place, placed.c.pool).where(
        placed.c.id.in_(bindparam("ids", expanding=True))
    )


_POSITIONS = _positions()


async def get(connection: AsyncConnection, job: int) -> Found | None:
    """The job of this number."""
    return _found((await connection.execute(_GET, {"job": job})).first())


async def find(connection: AsyncConnection, chat: int, message: int, but: str) -> Found | None:
    """The newest job that a message began or joined, in pools other than `but`."""
    values = {"chat": chat, "message": message, "but": but}
    return _found((await connection.execute(_FIND, values)).first())


async def latest(connection: AsyncConnection, answer: int) -> Found | None:
    """The newest job that writes this answer."""
    return _found((await connection.execute(_LATEST, {"answer": answer})).first())


async def heads(
    connection: AsyncConnection, since: float, now: float, but: str, most: int
) -> list[Head]:
    """The first of each lane that waits since then for a place, in pools other than `but`."""
    values = {"since": since, "now": now, "but": but, "most": most}
    waiting = [job_of(row) for row in await connection.execute(_HEADS, values)]
    before = await positions(connection, [job.id for job in waiting]) if waiting else {}
    return [Head(job, before.get(job.id, 0)) for job in waiting]


def _found(row: Stored | None) -> Found | None:
    if row is None:
        return None
    return Found(job_of(row), State(row.state), bool(row.cancelled))


async def positions(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, int]:
    """How many jobs of its pool are served before each waiting job; none for other jobs."""
    busy = {row.pool: row.many for row in await connection.execute(_BUSY)}
    found = await connection.execute(_POSITIONS, {"ids": ids})
    return {row.id: row.place - 1 + busy.get(row.pool, 0) for row in found}


async def next_due(connection: AsyncConnection, now: float) -> float | None:
    """When the next held job may start."""
    found: float | None = (await connection.execute(_NEXT_DUE, {"now": now})).scalar()
    return found


async def running_workers(connection: AsyncConnection) -> set[str]:
    """All workers that are said to run something."""
    return set((await connection.execute(_WORKERS)).scalars())


async def running_in(connection: AsyncConnection, chat: int, but: str) -> list[int]:
    """What runs for a chat."""
    values = {"chat": chat, "but": but}
    return list((await connection.execute(_RUNNING_IN, values)).scalars())


async def cancelled(connection: AsyncConnection, worker: str) -> list[int]:
    """What a worker runs and should stop."""
    return list((await connection.execute(_CANCELLED, {"by": worker})).scalars())


async def unfinished(connection: AsyncConnection) -> int:
    """How many jobs wait or run."""
    return (await connection.execute(_UNFINISHED)).scalar() or 0


async def waiting_by_pool(connection: AsyncConnection) -> dict[str, int]:
    """How many jobs wait in each pool."""
    return {row.pool: row.many for row in await connection.execute(_WAITING)}
