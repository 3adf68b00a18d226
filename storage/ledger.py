"""The ledger: how much of each skill everybody uses a day, counted before it is used.

What is reserved counts like what was used, so a limit holds however many ask at the same moment,
in however many programs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import reserving
from storage.database import Database
from storage.job_rows import LIVE
from storage.reserving import COUNTED, OPEN, SUM, Closing, Entry, Reservation, Verdict, Wanted
from storage.tables import jobs, ledger

__all__ = ["Ledger", "Reservation", "Verdict"]

PRUNED_AT_ONCE = 500  # so that others can write in between

_BY_DAY = (
    select(ledger.c.day, SUM.label("used"))
    .where(
        COUNTED,
        ledger.c.person == bindparam("person"),
        ledger.c.skill == bindparam("skill"),
        ledger.c.day >= bindparam("since"),
    )
    .group_by(ledger.c.day)
    .order_by(ledger.c.day)
)
_RELEASE = (
    update(ledger)
    .where(OPEN, ~exists().where(jobs.c.id == ledger.c.job, LIVE))
    .values(state=Entry.REFUNDED.value, reason="left behind", changed_at=bindparam("now"))
)
# By their numbers, oldest first: an index on the time would cost every entry something.
_OLDEST = (
    select(ledger.c.id, ledger.c.created_at)
    .order_by(ledger.c.id)
    .limit(PRUNED_AT_ONCE)
    .subquery("oldest")
)
_OLD = select(_OLDEST.c.id).where(_OLDEST.c.created_at < bindparam("before"))
_FORGET = delete(ledger).where(ledger.c.id.in_(bindparam("ids", expanding=True)))


class Ledger:
    """What everybody uses of every skill, in that skill's unit."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def reserve(self, reservation: Reservation, limit: float | None) -> Verdict:
        """Let a job use so much if the person's day stays within the limit; None for no limit.

        A job that has the skill reserved or settled already is granted it and nothing changes: it
        was cut short and begins again. One that gave it back asks anew.
        """
        wanted = Wanted(reservation, math.inf if limit is None else limit, self._clock())
        return await self._database.write(reserving.reserve, wanted)

    async def settle(self, job: int, skill: str, amount: float, reason: str = "") -> None:
        """Keep what a job has really used, at the most what it had reserved.

        Nothing happens where nothing is reserved any more. Raises ValueError for an amount that
        nobody can use.
        """
        reserving.check(amount)
        await self._close(job, skill, Entry.SETTLED, amount, reason)

    async def refund(self, job: int, skill: str, reason: str) -> None:
        """Give back what a job has reserved; what is settled stays."""
        await self._close(job, skill, Entry.REFUNDED, math.inf, reason)

    async def release(self) -> int:
        """Give back what jobs left reserved that neither wait nor run; how many it were."""
        return await self._database.write(_release, self._clock())

    async def used(self, person: int, skill: str, day: str) -> float:
        """What somebody has used and reserved of a skill on a day."""
        return await self._database.read(lambda c: reserving.used(c, person, skill, day))

    async def by_day(self, person: int, skill: str, since_day: str) -> dict[str, float]:
        """The same for each day since then that has any, oldest first."""
        values = {"person": person, "skill": skill, "since": since_day}
        return await self._database.read(lambda c: _by_day(c, values))

    async def prune(self, before: float) -> int:
        """Forget what was reserved before a time, some at a time; how many it were."""
        total = 0
        while gone := await self._database.write(_prune, before):
            total += gone
        return total

    async def _close(self, job: int, skill: str, entry: Entry, amount: float, reason: str) -> None:
        closing = Closing(job, skill, entry, amount, reason, self._clock())
        await self._database.write(reserving.close, closing)


async def _release(connection: AsyncConnection, group: Sequence[float]) -> Sequence[int]:
    return [(await connection.execute(_RELEASE, {"now": now})).rowcount for now in group]


async def _by_day(connection: AsyncConnection, values: dict[str, Any]) -> dict[str, float]:
    return {row.day: float(row.used) for row in await connection.execute(_BY_DAY, values)}


async def _prune(connection: AsyncConnection, group: Sequence[float]) -> Sequence[int]:
    return [await _prune_some(connection, before) for before in group]


async def _prune_some(connection: AsyncConnection, before: float) -> int:
    ids = list((await connection.execute(_OLD, {"before": before})).scalars())
    if ids:
        await connection.execute(_FORGET, {"ids": ids})
    return len(ids)
