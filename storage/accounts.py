"""What people have used of a skill in a month, day by day, and the limit that is theirs alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)
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


_PEOPLE: BindParameter[Sequence[int]] = bindparam("people", expanding=True)
_ROLLED, _OWN = "rolled", "own"  # in the place of a day


def _theirs(table: Table) -> tuple[ColumnElement[bool], ...]:
    return table.c.person.in_(_PEOPLE), table.c.skill == bindparam("skill")


# One question instead of three: each costs more than what it looks at.
MONTH = union_all(
    select(
        *(ledger.c.person, ledger.c.day.label("what")),
        *(func.coalesce(func.sum(ledger.c.units), 0).label("units"), SUM.label("seconds")),
    )
    .where(
        COUNTED,
        *_theirs(ledger),
        ledger.c.day.between(bindparam("first"), bindparam("last")),
    )
    .group_by(ledger.c.person, ledger.c.day),
    select(
        *(ledger_months.c.person, literal_column(f"'{_ROLLED}'")),
        *(ledger_months.c.units, ledger_months.c.amount),
    ).where(*_theirs(ledger_months), ledger_months.c.month == bindparam("month")),
    select(
        *(overrides.c.person, literal_column(f"'{_OWN}'")),
        *(overrides.c.per_day, literal_column("0.0")),
    ).where(*_theirs(overrides)),
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
    values = {"people": people, "skill": skill, "month": month}
    span = {"first": f"{month}-01", "last": f"{month}-31"}
    for row in await connection.execute(MONTH, values | span):
        _enter(accounts[Key(row.person, skill, month)], row.what, int(row.units), row.seconds)


def _enter(account: Account, what: str, units: int, seconds: float) -> None:
    if what == _OWN:
        account.per_day = units
    elif what == _ROLLED:
        account.rolled = Used(units, float(seconds))
    else:
        account.days[what] = Used(units, float(seconds))
