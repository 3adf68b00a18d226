"""What people have used of a skill in a month, day by day, and the limit that is theirs alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.reserving import COUNTED, SUM
from storage.tables import ledger, ledger_months, overrides


@dataclass(frozen=True, slots=True)
class Used:
    """How many pieces, and seconds of them; what was granted on top is less than nothing."""

    units: int = 0
    seconds: float = 0.0

    def __add__(self, other: Used) -> Used:
        return Used(self.units + other.units, self.seconds + other.seconds)


class Key(NamedTuple):
    """Whose account it is, of which skill, and of which month, as 2026-01."""

    person: int
    skill: str
    month: str


@dataclass(slots=True)
class Account:
    """What counts in a month, reserved or used; `per_day` is the person's own, if they have one.

    `rolled` are the entries that have become one number, whose days nobody knows any more.
    """

    per_day: int | None = None
    rolled: Used = Used()
    days: defaultdict[str, Used] = field(default_factory=lambda: defaultdict(Used))

    @property
    def month(self) -> Used:
        """All days together."""
        return sum(self.days.values(), self.rolled)


_UNITS = func.coalesce(func.sum(ledger.c.units), 0)
_PEOPLE: BindParameter[Sequence[int]] = bindparam("people", expanding=True)
DAYS = (
    select(ledger.c.person, ledger.c.day, _UNITS.label("units"), SUM.label("seconds"))
    .where(
        COUNTED,
        ledger.c.person.in_(_PEOPLE),
        ledger.c.skill == bindparam("skill"),
        ledger.c.day.between(bindparam("first"), bindparam("last")),
    )
    .group_by(ledger.c.person, ledger.c.day)
)
_ROLLED = select(ledger_months).where(
    ledger_months.c.person.in_(_PEOPLE),
    ledger_months.c.skill == bindparam("skill"),
    ledger_months.c.month == bindparam("month"),
)
_OVERRIDES = select(overrides.c.person, overrides.c.per_day).where(
    overrides.c.person.in_(_PEOPLE), overrides.c.skill == bindparam("skill")
)


async def load(connection: AsyncConnection, keys: Collection[Key]) -> dict[Key, Account]:
    """The accounts of these keys."""
    accounts = {key: Account() for key in keys}
    people: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for key in sorted(accounts):
        people[key.skill, key.month].append(key.person)
    for (skill, month), some in people.items():
        await _fill(connection, accounts, some, skill, month)
    return accounts


async def _fill(
    connection: AsyncConnection,
    accounts: dict[Key, Account],
    people: Sequence[int],
    skill: str,
    month: str,
) -> None:
    values = {"people": people, "skill": skill}
    span = {"first": f"{month}-01", "last": f"{month}-31"}
    for day in await connection.execute(DAYS, values | span):
        used = Used(int(day.units), float(day.seconds))
        accounts[Key(day.person, skill, month)].days[day.day] = used
    for rolled in await connection.execute(_ROLLED, values | {"month": month}):
        used = Used(rolled.units, float(rolled.amount))
        accounts[Key(rolled.person, skill, month)].rolled = used
    for own in await connection.execute(_OVERRIDES, values):
        accounts[Key(own.person, skill, month)].per_day = own.per_day
