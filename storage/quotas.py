"""What may be used of a skill, decided in the transaction that accepts a job."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    """How many jobs may wait in the pool in all, and of one person wait, and wait or run."""

    queue: int | None = None
    waiting: int | None = None
    at_once: int | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """What a new job is about to use: one piece of a skill, of so many seconds (0 for a picture).

    `day` is the local day that it counts to, as 2026-01-31. Where it cannot be accepted, a job of
    the task `instead` is written in its place, in the pool "quick" and a lane of its own, whose
    checkpoint says why: a Why and how much is left of it, as "per_day 0".
    """

    skill: str
    seconds: float
    day: str
    amounts: Amounts = Amounts()
    crowd: Crowd = Crowd()
    instead: str = "over_quota"
