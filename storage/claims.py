"""Who is served next: the head of each lane, the person served least lately first.

Order never depends on a clock. Inside a lane it is the job's id; between people it is a ticket
that counts up each time somebody is served. Somebody's second job in one claim stands behind
everybody's first, as if they had just been served.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import Job, State
from storage.job_rows import COLUMNS, LIVE, Stored, job_of
from storage.reserving import give_back
from storage.tables import due, jobs, lanes, people

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """How many jobs of each pool a worker has room for."""

    wants: Mapping[str, int]
    worker: str
    now: float


_START = (
    update(jobs)
    .where(jobs.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=State.RUNNING.value,
        attempts=jobs.c.attempts + 1,
        started_at=bindparam("now"),
        worker=bindparam("by"),
        conversation=func.coalesce(
            select(lanes.c.conversation).where(lanes.c.lane == jobs.c.lane).scalar_subquery(), 1
        ),
    )
    .returning(*COLUMNS)
)
_TICKET = update(people).where(people.c.id == bindparam("who")).values(served=bindparam("ticket"))
_BURY = (
    update(jobs)
    .where(jobs.c.id == bindparam("job"))
    .values(state=State.DEAD.value, reason="unreadable", finished_at=bindparam("now"))
)


async def claim(connection: AsyncConnection, claims: Sequence[Claim]) -> Sequence[list[Job]]:
    """Start jobs for each claim; a job is started once."""
    return [await _claim(connection, one) for one in claims]


async def _claim(connection: AsyncConnection, wanted: Claim) -> list[Job]:
    wants = sorted((pool, room) for pool, room in wanted.wants.items() if room > 0)
    chosen = await _choose(connection, wants, wanted.now) if wants else []
    if not chosen:
        return []
    values = {"ids": [row.id for row in chosen], "now": wanted.now, "by": wanted.worker}
    started = {row.id: row for row in await connection.execute(_START, values)}
    last = chosen[0].last_ticket or 0
    tickets = {row.person: last + turn for turn, row in enumerate(chosen, start=1)}
    await connection.execute(
        _TICKET, [{"who": person, "ticket": ticket} for person, ticket in tickets.items()]
    )
    return await _readable(connection, [started[row.id] for row in chosen], wanted.now)


async def _readable(connection: AsyncConnection, rows: Sequence[Stored], now: float) -> list[Job]:
    """The jobs that can be read; one that cannot must not stop all others for ever."""
    read: list[Job] = []
    for row in rows:
        try:
            read.append(job_of(row))
        except (KeyError, TypeError, ValueError):
            log.exception("job %s cannot be read", row.id, extra={"action": "unreadable_job"})
            await connection.execute(_BURY, {"job": row.id, "now": now})
            await give_back(connection, [row.id], "unreadable", now)
    return read


async def _choose(
    connection: AsyncConnection, wants: Sequence[tuple[str, int]], now: float
) -> Sequence[Stored]:
    values: dict[str, Any] = {"now": now}
    for place, (pool, room) in enumerate(wants):
        values |= {f"pool_{place}": pool, f"free_{place}": room}
    found = (await connection.execute(heads(len(wants)), values)).all()
    served_before: Counter[str] = Counter()
    ranked: list[tuple[int, int, Stored]] = []
    for row in sorted(found, key=lambda row: (row.nth, row.served, row.id)):
        ranked.append((served_before[row.pool], row.id, row))
        served_before[row.pool] += 1
    return [row for _, _, row in sorted(ranked, key=lambda one: one[:2])]


@cache
def heads(pools: int) -> Select[Any]:
    """The jobs to start next for so many pools: bind `now`, `pool_0`, `free_0` and so on.

    All pools are ranked in one pass, which costs the same however many there are.
    """
    first = select(func.min(jobs.c.id)).where(LIVE).group_by(jobs.c.lane)
    nth = func.row_number().over(partition_by=(jobs.c.pool, jobs.c.person), order_by=jobs.c.id)
    room = case(
        *(
            (jobs.c.pool == bindparam(f"pool_{number}"), bindparam(f"free_{number}", type_=Integer))
            for number in range(pools)
        ),
        else_=0,
    )
    ready = (
        select(jobs.c.id, jobs.c.pool, jobs.c.person, nth.label("nth"), room.label("room"))
        .where(
            jobs.c.id.in_(first),
            jobs.c.state == State.QUEUED.value,
            due(jobs, bindparam("now")),
        )
        .subquery("ready")
    )
    served = func.coalesce(people.c.served, 0).label("served")
    order = (ready.c.nth, served, ready.c.id)
    rank = func.row_number().over(partition_by=ready.c.pool, order_by=order).label("rank")
    ranked = (
        select(ready, served, rank)
        .outerjoin_from(ready, people, people.c.id == ready.c.person)
        .where(ready.c.room > 0)
        .subquery("ranked")
    )
    last_ticket = select(func.max(people.c.served)).scalar_subquery().label("last_ticket")
    return select(ranked, last_ticket).where(ranked.c.rank <= ranked.c.room)
