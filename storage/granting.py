"""What an administrator allows somebody: more of today, or a daily limit of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialects import Upsert
from storage.reserving import Entry, check
from storage.tables import ledger, overrides


@dataclass(frozen=True, slots=True)
class Gift:
    """So much more of a skill for one person on one day.

    Raises ValueError for what would be less, or nothing that can be counted.
    """

    person: int
    chat: int
    skill: str
    day: str
    units: int
    seconds: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what would take instead of give."""
        check(self.units)
        check(self.seconds)


@dataclass(frozen=True, slots=True)
class Granted:
    """A gift, who gave it, in which job, and when."""

    gift: Gift
    by: int
    job: int
    now: float


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """How many of a skill somebody may have a day, whatever all others may; None ends that."""

    person: int
    skill: str
    per_day: int | None
    by: int
    now: float


_GRANT = Upsert(ledger)
_CHANGED = ("per_day", "set_by", "set_at")
_OWN = Upsert(overrides, ("person", "skill"), lambda new: {name: new[name] for name in _CHANGED})
_AS_ALL = delete(overrides).where(
    overrides.c.person == bindparam("who"), overrides.c.skill == bindparam("what")
)


async def grant(connection: AsyncConnection, group: Sequence[Granted]) -> Sequence[bool]:
    """Write gifts down as use of less than nothing, each job's once."""
    return [await _grant(connection, one) for one in group]


async def _grant(connection: AsyncConnection, one: Granted) -> bool:
    gift = one.gift
    row = {
        "person": gift.person,
        "chat": gift.chat,
        "skill": gift.skill,
        "units": -gift.units,
        "amount": -gift.seconds,
        "state": Entry.SETTLED.value,
        "job": one.job,
        "reason": f"granted by {one.by}",
        "day": gift.day,
        "created_at": one.now,
        "changed_at": one.now,
    }
    statement = _GRANT.on(connection).returning(ledger.c.id)
    return (await connection.execute(statement, row)).first() is not None


async def limit(connection: AsyncConnection, group: Sequence[OwnLimit]) -> Sequence[None]:
    """Give people limits of their own, or take them away."""
    for one in group:
        await _limit(connection, one)
    return [None] * len(group)


async def _limit(connection: AsyncConnection, one: OwnLimit) -> None:
    if one.per_day is None:
        await connection.execute(_AS_ALL, {"who": one.person, "what": one.skill})
        return
    row = {
        "person": one.person,
        "skill": one.skill,
        "per_day": one.per_day,
        "set_by": one.by,
        "set_at": one.now,
    }
    await connection.execute(_OWN.on(connection), row)
