"""What a job is about to use is set aside first, and what it did use is kept at the end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, case, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects import Upsert
from storage.tables import ledger

DUST = 1e-6
"""By so much a sum of fractions may miss the limit that it should just reach."""


class Entry(StrEnum):
    """Where an entry stands; all but a refunded one count."""

    RESERVED = "reserved"
    SETTLED = "settled"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a job is about to use of a skill, in that skill's unit.

    `day` is the local day that it counts to, as 2026-01-31. Raises ValueError for an amount that
    nobody can use.
    """

    person: int
    chat: int
    skill: str
    amount: float
    job: int
    day: str

    def __post_init__(self) -> None:
        """Refuse what would make room instead of taking it."""
        check(self.amount)

    @property
    def account(self) -> tuple[int, str, str]:
        """What a limit is for: a person, a skill and a day."""
        return self.person, self.skill, self.day


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be used, and what is then left of the day; endless without a limit."""

    granted: bool
    left: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reservation, how much the day may hold, and the time."""

    reservation: Reservation
    limit: float
    now: float


@dataclass(frozen=True, slots=True)
class Closing:
    """How a reservation ends, and what it comes to if that is less than was reserved.

    Without a skill it is all that the job has still reserved.
    """

    job: int
    skill: str | None
    entry: Entry
    amount: float
    reason: str
    now: float


# Spelled out, not bound: only so does SQLite see that its partial indexes fit.
COUNTED = text("ledger.state IN ('reserved', 'settled')")
OPEN = text("ledger.state = 'reserved'")
SUM = func.coalesce(func.sum(ledger.c.amount), 0.0)

_KEPT = select(ledger.c.job, ledger.c.skill).where(
    COUNTED, ledger.c.job.in_(bindparam("jobs", expanding=True))
)
USED = select(SUM).where(
    COUNTED,
    ledger.c.person == bindparam("person"),
    ledger.c.skill == bindparam("skill"),
    ledger.c.day == bindparam("day"),
)
_AGAIN = ("person", "chat", "units", "amount", "day", "state", "reason", "changed_at")
_RESERVE = Upsert(ledger, ("job", "skill"), lambda new: {name: new[name] for name in _AGAIN})
_CLOSE_ALL = (
    update(ledger)
    .where(OPEN, ledger.c.job == bindparam("by"))
    .values(
        state=bindparam("end"),
        amount=case(
            (ledger.c.amount > bindparam("most"), bindparam("most")), else_=ledger.c.amount
        ),
        reason=bindparam("why"),
        changed_at=bindparam("now"),
    )
)
_CLOSE = _CLOSE_ALL.where(ledger.c.skill == bindparam("what"))


def check(amount: float) -> None:
    """Raise ValueError for what nobody can use."""
    if not 0 <= amount < math.inf:
        raise ValueError(f"{amount} is no amount that can be used")


@dataclass(slots=True)
class _Page:
    """What counts already, for reservations that are decided one after the other."""

    kept: set[tuple[int, str]]
    used: dict[tuple[int, str, str], float] = field(default_factory=dict)
    granted: list[Wanted] = field(default_factory=list)

    def decide(self, one: Wanted) -> Verdict:
        wanted = one.reservation
        left = max(one.limit - self.used[wanted.account], 0.0)
        if (wanted.job, wanted.skill) in self.kept:
            return Verdict(True, left)
        if wanted.amount > left + DUST:
            return Verdict(False, left)
        self.kept.add((wanted.job, wanted.skill))
        self.used[wanted.account] += wanted.amount
        self.granted.append(one)
        return Verdict(True, max(left - wanted.amount, 0.0))


async def reserve(connection: AsyncConnection, group: Sequence[Wanted]) -> Sequence[Verdict]:
    """Decide one after the other, each with what those before it were granted."""
    ids = sorted({one.reservation.job for one in group})
    found = await connection.execute(_KEPT, {"jobs": ids})
    page = _Page({(row.job, row.skill) for row in found})
    for account in {one.reservation.account for one in group}:
        page.used[account] = await used(connection, *account)
    verdicts = [page.decide(one) for one in group]
    if page.granted:
        await book(connection, page.granted)
    return verdicts


async def book(connection: AsyncConnection, granted: Sequence[Wanted]) -> None:
    """Write down what was granted, one piece each."""
    await connection.execute(_RESERVE.on(connection), [_row(one) for one in granted])


def _row(one: Wanted) -> dict[str, Any]:
    wanted = one.reservation
    return {
        "person": wanted.person,
        "chat": wanted.chat,
        "skill": wanted.skill,
        "units": 1,
        "amount": wanted.amount,
        "job": wanted.job,
        "day": wanted.day,
        "state": Entry.RESERVED.value,
        "reason": "",
        "created_at": one.now,
        "changed_at": one.now,
    }


async def used(connection: AsyncConnection, person: int, skill: str, day: str) -> float:
    """What a person has used and reserved of a skill on a day."""
    values = {"person": person, "skill": skill, "day": day}
    return float((await connection.execute(USED, values)).scalar_one())


async def close(connection: AsyncConnection, group: Sequence[Closing]) -> Sequence[None]:
    """End what is still reserved."""
    for statement, some in (
        (_CLOSE, [one for one in group if one.skill is not None]),
        (_CLOSE_ALL, [one for one in group if one.skill is None]),
    ):
        if some:
            await connection.execute(statement, [_closed(one) for one in some])
    return [None] * len(group)


async def give_back(
    connection: AsyncConnection, ids: Sequence[int], reason: str, now: float
) -> None:
    """Refund all that jobs have still reserved which never come to their end."""
    ends = [Closing(job, None, Entry.REFUNDED, math.inf, reason, now) for job in ids]
    await close(connection, ends)


def _closed(one: Closing) -> dict[str, Any]:
    row = {
        "by": one.job,
        "end": one.entry.value,
        "most": one.amount,
        "why": one.reason,
        "now": one.now,
    }
    return row if one.skill is None else {**row, "what": one.skill}
