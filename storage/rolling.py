"""Months that are over become one line a person and skill, some entries at a time.

The entries are looked for outside of any transaction that writes, and each piece takes out of the
ledger what it adds to the months: wherever it is cut short, nothing counts twice or is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects import Upsert
from storage.job_rows import LIVE
from storage.reserving import COUNTED, SUM
from storage.tables import jobs, ledger, ledger_months

AT_ONCE = 100  # so that others can write in between

# A job that is not over yet may begin again, and must then find that it has paid.
_OVER = (
    text("ledger.state IN ('settled', 'refunded')"),
    ~exists().where(jobs.c.id == ledger.c.job, LIVE),
)
_CLOSED = (
    select(ledger.c.id)
    .where(*_OVER, ledger.c.id > bindparam("after"), ledger.c.day < bindparam("before"))
    .order_by(ledger.c.id)
    .limit(AT_ONCE)
)
_IDS = ledger.c.id.in_(bindparam("ids", expanding=True))
_MONTH = func.substr(ledger.c.day, 1, 7).label("month")
_SUMS = (
    select(
        *(ledger.c.person, ledger.c.skill, _MONTH),
        *(func.sum(ledger.c.units).label("units"), SUM.label("amount")),
    )
    .where(_IDS, *_OVER, COUNTED)
    .group_by(ledger.c.person, ledger.c.skill, _MONTH)
)
_ADD = Upsert(
    ledger_months,
    ("person", "skill", "month"),
    lambda new: {name: ledger_months.c[name] + new[name] for name in ("units", "amount")},
)
_TAKE_OUT = delete(ledger).where(_IDS, *_OVER)


async def closed(connection: AsyncConnection, after: int, before: str) -> list[int]:
    """The next entries of months that ended before a day's own."""
    values = {"after": after, "before": f"{before[:7]}-01"}
    return list((await connection.execute(_CLOSED, values)).scalars())


async def roll(connection: AsyncConnection, group: Sequence[Sequence[int]]) -> Sequence[int]:
    """Add entries to their months and take them out of the ledger; how many those were."""
    return [await _roll(connection, ids) for ids in group]


async def _roll(connection: AsyncConnection, ids: Sequence[int]) -> int:
    rows = [
        {
            "person": row.person,
            "skill": row.skill,
            "month": row.month,
            "units": int(row.units),
            "amount": float(row.amount),
        }
        for row in await connection.execute(_SUMS, {"ids": ids})
    ]
    if rows:
        await connection.execute(_ADD.on(connection), rows)
    return (await connection.execute(_TAKE_OUT, {"ids": ids})).rowcount
