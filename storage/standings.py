"""What one person has used, and why: what they see of their quota."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import accounts
from storage.accounts import Key, Used
from storage.reserving import COUNTED, OPEN, SUM, Entry
from storage.tables import ledger


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has used and reserved, today and this month.

    Both are less by what was `granted` on top today; `reserved` is the part of today that is not
    settled yet. `per_day` is a daily limit that is theirs alone.
    """

    today: Used
    month: Used
    reserved: Used
    granted: Used
    per_day: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the ledger; `reason` is for the operator, and empty while it is reserved."""

    job: int
    units: int
    seconds: float
    state: Entry
    reason: str
    at: float


_UNITS = func.coalesce(func.sum(ledger.c.units), 0).label("units")
_MINE = (ledger.c.person == bindparam("person"), ledger.c.skill == bindparam("skill"))
_TODAY = (*_MINE, ledger.c.day == bindparam("day"))
_RESERVED = select(_UNITS, SUM.label("seconds")).where(COUNTED, OPEN, *_TODAY)
_GRANTED = select(-_UNITS, -SUM).where(COUNTED, ledger.c.units <= 0, *_TODAY)
_BY_DAY = (
    select(ledger.c.day, _UNITS)
    .where(COUNTED, ledger.c.units > 0, *_MINE, ledger.c.day >= bindparam("since"))
    .group_by(ledger.c.day)
    .order_by(ledger.c.day)
)
_LINE = (
    *(ledger.c.id, ledger.c.job, ledger.c.units, ledger.c.amount),
    *(ledger.c.state, ledger.c.reason, ledger.c.created_at),
)
# One for each index: neither holds all.
_BOTH = union_all(
    select(*_LINE).where(COUNTED, *_TODAY),
    select(*_LINE).where(text("ledger.state = 'refunded'"), *_TODAY),
).subquery("both")
LINES = select(_BOTH).order_by(_BOTH.c.id)


async def standing(connection: AsyncConnection, person: int, skill: str, day: str) -> Standing:
    """Where a person stands on a day."""
    key = Key(person, skill, day[:7])
    account = (await accounts.load(connection, [key]))[key]
    values = {"person": person, "skill": skill, "day": day}
    sums = [
        Used(int(units), float(seconds))
        for statement in (_RESERVED, _GRANTED)
        for units, seconds in await connection.execute(statement, values)
    ]
    return Standing(account.days[day], account.month, sums[0], sums[1], account.per_day)


async def by_day(
    connection: AsyncConnection, person: int, skill: str, since: str
) -> dict[str, int]:
    """How many pieces on each day since then that has any."""
    values = {"person": person, "skill": skill, "since": since}
    return {row.day: int(row.units) for row in await connection.execute(_BY_DAY, values)}


async def lines(connection: AsyncConnection, person: int, skill: str, day: str) -> list[Line]:
    """All entries of a day, oldest first."""
    values = {"person": person, "skill": skill, "day": day}
    return [
        Line(row.job, row.units, row.amount, Entry(row.state), row.reason, row.created_at)
        for row in await connection.execute(LINES, values)
    ]
