"""What the configuration says of quotas: how much everybody may use, and what roles change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bot.checks import within, zone


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Quota:
    """What one person may use of a skill; None is no limit.

    `queue_limit` is for all people together.
    """

    per_day: int | None = field(default=None, metadata=within(0, 1_000_000))
    per_month: int | None = field(default=None, metadata=within(0, 1_000_000))
    seconds_per_day: float | None = field(default=None, metadata=within(0, 86_400))
    seconds_per_month: float | None = field(default=None, metadata=within(0, 3_000_000))
    minutes_per_day: float | None = field(default=None, metadata=within(0, 1440))
    pages_per_day: int | None = field(default=None, metadata=within(0, 1_000_000))
    max_seconds: float | None = field(default=None, metadata=within(1, 86_400))
    default_seconds: float | None = field(default=None, metadata=within(1, 86_400))
    queue_limit: int | None = field(default=None, metadata=within(0, 1_000_000))
    per_user_waiting: int | None = field(default=None, metadata=within(0, 1_000_000))
    per_user_at_once: int | None = field(default=None, metadata=within(1, 1_000_000))
    timezone: str = field(default="UTC", metadata=zone())

    def __post_init__(self) -> None:
        longest, usual = self.max_seconds, self.default_seconds
        if longest is not None and usual is not None and usual > longest:
            raise ValueError("default_seconds must not be above max_seconds")

    def amount(self) -> float | None:
        """How much a day may hold, in the skill's own unit: pages, or seconds of sound."""
        if self.pages_per_day is not None:
            return float(self.pages_per_day)
        return None if self.minutes_per_day is None else self.minutes_per_day * 60


USUAL_QUOTAS: Mapping[str, Mapping[str, int | float]] = MappingProxyType(
    {
        "image": {"queue_limit": 100, "per_user_waiting": 5},
        "video": {"queue_limit": 20, "per_user_waiting": 2, "max_seconds": 6.0},
    }
)
"""What holds where the file says nothing else: one machine can only do so much."""


@dataclass(frozen=True, slots=True)
class RoleQuota:
    """What is another quota for people of a role; None is as for everybody.

    `unlimited` lifts every limit of a day and of a month.
    """

    unlimited: bool = False
    per_day: int | None = field(default=None, metadata=within(0, 1_000_000))
    per_month: int | None = field(default=None, metadata=within(0, 1_000_000))
    seconds_per_day: float | None = field(default=None, metadata=within(0, 86_400))
    seconds_per_month: float | None = field(default=None, metadata=within(0, 3_000_000))
    max_seconds: float | None = field(default=None, metadata=within(1, 86_400))
    per_user_waiting: int | None = field(default=None, metadata=within(0, 1_000_000))
    per_user_at_once: int | None = field(default=None, metadata=within(1, 1_000_000))


@dataclass(frozen=True, slots=True)
class Role:
    """Some people, and what they may use of each skill."""

    people: tuple[int, ...] = ()
    quota: Mapping[str, RoleQuota] = field(default_factory=_nothing)
