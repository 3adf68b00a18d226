"""Whose turn it is at a graphics card: those who talk, or those who draw and film."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from enum import StrEnum
from typing import Literal, Protocol, Self

Policy = Literal["chat_first", "fair", "night"]

HEAVY_SKILLS = frozenset({"image", "video"})

_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class Side(StrEnum):
    """Light work is over in seconds and shares a card; heavy work has it for itself, for minutes.

    The values are what is written down of a turn.
    """

    LIGHT = "L"
    HEAVY = "H"

    @property
    def other(self) -> Side:
        """The one with which it takes turns."""
        return Side.LIGHT if self is Side.HEAVY else Side.HEAVY


def side_of(skill: str) -> Side:
    """On which side the backends of a skill are."""
    return Side.HEAVY if skill in HEAVY_SKILLS else Side.LIGHT


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of each day; it may go over midnight."""

    begin: time
    end: time

    @classmethod
    def read(cls, text: str) -> Self:
        """Read "23:00-07:00"; raises ValueError for anything else."""
        if not (found := _HOURS.fullmatch(text)):
            raise ValueError('must look like "23:00-07:00"')
        hour, minute, last_hour, last_minute = map(int, found.groups())
        try:
            return cls(time(hour, minute), time(last_hour, last_minute))
        except ValueError:
            raise ValueError("must be hours of a day") from None

    def hold(self, moment: time) -> bool:
        """Whether they are now; without a length they are the whole day."""
        if self.begin < self.end:
            return self.begin <= moment < self.end
        return moment >= self.begin or moment < self.end


class Waiting(Protocol):
    """What somebody who wants to begin has to know of the other side."""

    def waits(self) -> bool:
        """Whether somebody waits there."""

    def waited(self) -> float:
        """For how many seconds."""

    def last(self) -> Side | None:
        """Who had the card last, or has it."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Decides who may begin when the card itself is free.

    `chat_first`: heavy work when nobody wants to talk. `night`: the same, and only in those hours.
    `fair`: in turns when both wait, and light work joins other light work until the heavy has
    waited for `patience` seconds.
    """

    policy: Policy = "chat_first"
    night: Hours = field(default_factory=lambda: Hours(time(23), time(7)))
    zone: tzinfo = UTC
    patience: float = 60.0
    clock: Callable[[], float] = lambda: datetime.now(UTC).timestamp()

    def may(self, side: Side, other: Waiting) -> bool:
        """Whether this side may begin, given what is with the other."""
        if side is Side.LIGHT:
            return self.policy != "fair" or self._joins(other)
        if not self.open(side) or not other.waits():
            return self.open(side)
        return self.policy == "fair" and other.last() is not Side.HEAVY

    def open(self, side: Side) -> bool:
        """Whether this is a time of day for this side."""
        if self.policy != "night" or side is Side.LIGHT:
            return True
        return self.night.hold(datetime.fromtimestamp(self.clock(), self.zone).time())

    def _joins(self, heavy: Waiting) -> bool:
        if not heavy.waits() or heavy.last() is Side.HEAVY:
            return True
        # a clock that was set back tells of nothing, and nobody must wait for ever because of it
        return 0 <= heavy.waited() < self.patience
