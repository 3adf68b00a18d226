"""Who is served next: the head of each lane, the person served least lately first.

Order never depends on a clock. Inside a lane it is the job's id; between people it is a ticket
that counts up each time somebody is served. Somebody's second job in one claim stands behind
everybody's first, as if they had just been served.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import Job, State
from storage.job_rows import COLUMNS, LIVE, Stored, job_of
from storage.tables import due, jobs, lanes, people


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


async def claim(connection: AsyncConnection, claims: Sequence[Claim]) -> Sequence[list[Job]]:
    """Start jobs for each claim; a job is started once."""
    return [await _claim(connection, one) for one in claims]


async def _claim(connection: AsyncConnection, wanted: Claim) -> list[Job]:
    wants = sorted((pool, room) for pool, room in wanted.wants.items() if room > 0)
    if not wants:
        return []
    heads = await _heads(connection, wants, wanted.now)
    if not heads:
        return []
    ids = [row.id for row in heads]
    values = {"ids": ids, "now": wanted.now, "by": wanted.worker}
    started = {row.id: job_of(row) for row in await connection.execute(_START, values)}
    last = heads[0].last_ticket or 0
    tickets = {row.person: last + turn for turn, row in enumerate(heads, start=1)}
    await connection.execute(
        _TICKET, [{"who": person, "ticket": ticket} for person, ticket in tickets.items()]
    )
    return [started[number] for number in ids]


async def _heads(
    connection: AsyncConnection, wants: Sequence[tuple[str, int]], now: float
) -> Sequence[Stored]:
    values: dict[str, Any] = {"now": now}
    for place, (pool, room) in enumerate(wants):
        values |= {f"pool_{place}": pool, f"room_{place}": room}
    found: Sequence[Stored] = (await connection.execute(heads(len(wants)), values)).all()
    return found


@cache
def heads(pools: int) -> Select[Any]:
    """The jobs to start next for so many pools: bind `now`, `pool_0`, `room_0` and so on."""
    live = (
        select(
            *(jobs.c.id, jobs.c.pool, jobs.c.person, jobs.c.state, jobs.c.not_before),
            jobs.c.held_at,
            func.row_number().over(partition_by=jobs.c.lane, order_by=jobs.c.id).label("place"),
        )
        .where(LIVE)
        .subquery("live")
    )
    names = [live.c.pool == bindparam(f"pool_{number}") for number in range(pools)]
    ready = (
        select(
            *(live.c.id, live.c.pool, live.c.person),
            func.row_number()
            .over(partition_by=(live.c.pool, live.c.person), order_by=live.c.id)
            .label("nth"),
        )
        .where(
            live.c.place == 1,
            live.c.state == State.QUEUED.value,
            due(live, bindparam("now")),
            or_(*names),
        )
        .subquery("ready")
    )
    served = func.coalesce(people.c.served, 0)
    ranked = (
        select(
            *(ready.c.id, ready.c.pool, ready.c.person),
            func.row_number()
            .over(partition_by=ready.c.pool, order_by=(ready.c.nth, served, ready.c.id))
            .label("rank"),
        )
        .outerjoin_from(ready, people, people.c.id == ready.c.person)
        .subquery("ranked")
    )
    room = [
        and_(
            ranked.c.pool == bindparam(f"pool_{number}"),
            ranked.c.rank <= bindparam(f"room_{number}", type_=Integer),
        )
        for number in range(pools)
    ]
    last_ticket = select(func.max(people.c.served)).scalar_subquery().label("last_ticket")
    return (
        select(ranked.c.id, ranked.c.person, last_ticket)
        .where(or_(*room))
        .order_by(ranked.c.rank, ranked.c.id)
    )
