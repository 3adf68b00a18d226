"""What can happen to a job between its start in the queue and its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Boolean, and_, bindparam, delete, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from storage import live
from storage.job_rows import LIVE, QUEUED, RUNNING
from storage.reserving import give_back
from storage.tables import heard, jobs

PRUNED_AT_ONCE = 500  # so that others can write in between


@dataclass(frozen=True, slots=True)
class Return:
    """A running job goes back to its place in line, not to be started before a time."""

    job: int
    worker: str
    not_before: float
    reason: str
    count_attempt: bool
    now: float


@dataclass(frozen=True, slots=True)
class Stop:
    """What somebody wants stopped: their jobs in a lane, or one of their jobs.

    Without a person it is anybody's.
    """

    person: int | None
    now: float
    lane: str | None = None
    job: int | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """Nobody reads in this chat any more."""

    chat: int
    now: float


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Jobs that run and are marked to stop, and jobs that never start."""

    running: tuple[int, ...]
    dropped: tuple[int, ...]


_RETURN = (
    update(jobs)
    .where(
        jobs.c.id == bindparam("job"),
        jobs.c.worker == bindparam("by"),
        RUNNING,
    )
    .values(
        state=State.QUEUED.value,
        not_before=bindparam("until"),
        held_at=bindparam("now"),
        reason=bindparam("why"),
        attempts=jobs.c.attempts - bindparam("uncounted"),
        worker="",
    )
)
_MINE = (
    select(jobs.c.id, jobs.c.state)
    .where(
        LIVE,
        or_(bindparam("anybody", type_=Boolean), jobs.c.person == bindparam("person")),
        or_(
            jobs.c.lane == bindparam("lane"),
            # what has a lane of its own there; commands and buttons are not stopped
            and_(jobs.c.lane.like(bindparam("beside")), jobs.c.pool != "quick"),
            jobs.c.id == bindparam("job"),
        ),
    )
    .order_by(jobs.c.id)
)
_MARK = update(jobs).where(jobs.c.id.in_(bindparam("ids", expanding=True))).values(cancelled=true())
_DROP = (
    update(jobs)
    .where(jobs.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=State.DROPPED.value,
        reason=bindparam("why"),
        finished_at=bindparam("now"),
        checkpoint="",
    )
)
_THEIRS = select(jobs.c.id).where(QUEUED, jobs.c.chat == bindparam("chat")).order_by(jobs.c.id)
_RECOVER = (
    update(jobs)
    .where(RUNNING, jobs.c.worker.in_(bindparam("workers", expanding=True)))
    .values(state=State.QUEUED.value, worker="", not_before=0.0)
)
_OLD = (
    select(jobs.c.id)
    .where(jobs.c.finished_at < bindparam("before"))
    .order_by(jobs.c.finished_at)
    .limit(PRUNED_AT_ONCE)
)
_FORGET = delete(jobs).where(jobs.c.id.in_(bindparam("ids", expanding=True)))
_FORGET_PARTS = delete(heard).where(heard.c.job.in_(bindparam("ids", expanding=True)))


async def put_back(connection: AsyncConnection, group: Sequence[Return]) -> Sequence[None]:
    """Queue jobs again that still run under their worker."""
    rows = [
        {
            "job": one.job,
            "by": one.worker,
            "until": one.not_before,
            "now": one.now,
            "why": one.reason,
            "uncounted": 0 if one.count_attempt else 1,
        }
        for one in group
    ]
    await connection.execute(_RETURN, rows)
    return [None] * len(group)


async def stop(connection: AsyncConnection, group: Sequence[Stop]) -> Sequence[Cancelled]:
    """Drop what waits and mark what runs, each person's own only."""
    return [await _stop(connection, one) for one in group]


async def _stop(connection: AsyncConnection, one: Stop) -> Cancelled:
    values = {
        "anybody": one.person is None,
        "person": one.person or 0,
        "lane": one.lane or "",
        "beside": f"{one.lane}!%" if one.lane else "",
        "job": one.job or 0,
    }
    mine = (await connection.execute(_MINE, values)).all()
    running = tuple(row.id for row in mine if row.state == State.RUNNING.value)
    waiting = tuple(row.id for row in mine if row.state == State.QUEUED.value)
    if running:
        await connection.execute(_MARK, {"ids": running})
    if waiting:
        await _never_start(connection, waiting, "cancelled", one.now)
        await live.clear(connection, waiting)
    return Cancelled(running, waiting)


async def drop(connection: AsyncConnection, group: Sequence[Departure]) -> Sequence[list[int]]:
    """Drop all that waits in chats that nobody reads any more."""
    return [await _drop(connection, one) for one in group]


async def _drop(connection: AsyncConnection, one: Departure) -> list[int]:
    ids = list((await connection.execute(_THEIRS, {"chat": one.chat})).scalars())
    if ids:
        await _never_start(connection, ids, "nobody reads", one.now)
    return ids


async def _never_start(
    connection: AsyncConnection, ids: Sequence[int], why: str, now: float
) -> None:
    await connection.execute(_DROP, {"ids": ids, "why": why, "now": now})
    await give_back(connection, ids, why, now)


async def recover(connection: AsyncConnection, group: Sequence[Collection[str]]) -> Sequence[int]:
    """Queue again what workers ran that are no more."""
    return [
        (await connection.execute(_RECOVER, {"workers": sorted(workers)})).rowcount
        for workers in group
    ]


async def prune(connection: AsyncConnection, group: Sequence[float]) -> Sequence[int]:
    """Forget some of what ended before each time."""
    return [await _prune(connection, before) for before in group]


async def _prune(connection: AsyncConnection, before: float) -> int:
    ids = list((await connection.execute(_OLD, {"before": before})).scalars())
    if ids:
        await connection.execute(_FORGET_PARTS, {"ids": ids})
        await connection.execute(_FORGET, {"ids": ids})
    return len(ids)
