"""What may be used of a skill, decided in the transaction that accepts a job."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from storage import granting, rolling, standings
from storage.accounts import Used
from storage.database import Database
from storage.granting import Gift, Granted, OwnLimit
from storage.reserving import Entry, check
from storage.standings import Line, Standing

__all__ = [
    "Amounts",
    "Charge",
    "Crowd",
    "Entry",
    "Gift",
    "Line",
    "Quotas",
    "Standing",
    "Used",
    "Why",
]


class Why(StrEnum):
    """What stands in the way of a job."""

    QUEUE = "queue"
    WAITING = "waiting"
    AT_ONCE = "at_once"
    PER_DAY = "per_day"
    PER_MONTH = "per_month"
    SECONDS_PER_DAY = "seconds_per_day"
    SECONDS_PER_MONTH = "seconds_per_month"


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much one person may use in a day and in a calendar month; None is no limit.

    Jobs are counted one by one, and the seconds that they run.
    """

    per_day: int | None = None
    per_month: int | None = None
    seconds_per_day: float | None = None
    seconds_per_month: float | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many jobs may wait or run in the pool in all; of one person wait, and wait or run."""

    queue: int | None = None
    waiting: int | None = None
    at_once: int | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """What a new job is about to use: one piece of a skill, of so many seconds (0 for a picture).

    `day` is the local day that it counts to, as 2026-01-31. Where it cannot be accepted, a job of
    the task `instead` is written in its place, in the pool "quick" and a lane of its own, whose
    checkpoint says why: a Why and how much is left of it, as "per_day 0". Raises ValueError for
    seconds that nothing can last.
    """

    skill: str
    seconds: float
    day: str
    amounts: Amounts = Amounts()
    crowd: Crowd = Crowd()
    instead: str = "over_quota"

    def __post_init__(self) -> None:
        """Refuse what would make room instead of taking it."""
        check(self.seconds)


class Quotas:
    """What everybody has used of what is charged, and what they were allowed on top."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def standing(self, person: int, skill: str, day: str) -> Standing:
        """What somebody has used on a day and in its month, and their own daily limit."""
        return await self._database.read(lambda c: standings.standing(c, person, skill, day))

    async def by_day(self, person: int, skill: str, since_day: str) -> dict[str, int]:
        """How many pieces on each day since then that has any, oldest first."""
        return await self._database.read(lambda c: standings.by_day(c, person, skill, since_day))

    async def lines(self, person: int, skill: str, day: str) -> list[Line]:
        """Each entry of a day with its reason, oldest first."""
        return await self._database.read(lambda c: standings.lines(c, person, skill, day))

    async def grant(self, gift: Gift, *, by: int, job: int) -> bool:
        """Give somebody more of a day; False if this job has done so before."""
        return await self._database.write(
            granting.grant, Granted(gift, by, job, self._clock()), durable=True
        )

    async def set_daily(self, person: int, skill: str, per_day: int | None, *, by: int) -> None:
        """Give somebody a daily limit of their own; None lets the configured one hold again.

        Raises ValueError for less than nothing.
        """
        check(per_day or 0)
        own = OwnLimit(person, skill, per_day, by, self._clock())
        await self._database.write(granting.limit, own, durable=True)

    async def roll_up(self, before_day: str) -> int:
        """Make one line a person and skill of each month that ended before the month of a day.

        Days and reasons are forgotten, sums are not: name the first day that is still to be shown.
        Returns how many entries it took.
        """
        total = after = 0
        while ids := await self._closed(after, before_day):
            total += await self._database.write(rolling.roll, tuple(ids))
            after = ids[-1]
        return total

    async def _closed(self, after: int, before_day: str) -> list[int]:
        return await self._database.read(lambda c: rolling.closed(c, after, before_day))
