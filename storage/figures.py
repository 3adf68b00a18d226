"""Figures: what each backend did on each day, for the owner."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.dialects import Upsert
from storage.tables import figures


@dataclass(frozen=True, slots=True)
class Tally:
    """What was done; adding two of them adds each number."""

    answers: int = 0
    failures: int = 0
    tokens_read: int = 0
    tokens_written: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class DayTally:
    """What one backend did on one day (UTC, as 2026-01-31)."""

    day: str
    backend: str
    tally: Tally


_NUMBERS = ("answers", "failures", "tokens_read", "tokens_written", "seconds")
_ADD = Upsert(
    figures,
    ("day", "backend"),
    lambda new: {name: figures.c[name] + new[name] for name in _NUMBERS},
)
_RECENT = (
    select(figures)
    .where(figures.c.day > bindparam("before"))
    .order_by(figures.c.day.desc(), figures.c.backend)
)


class Figures:
    """The figures of all days."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def add(self, backend: str, gained: Tally) -> None:
        """Count what a backend did to today."""
        await self._database.write(_add, DayTally(self._day(0), backend, gained))

    async def recent(self, days: int) -> list[DayTally]:
        """The last days, today included, newest first."""
        before = self._day(days)
        return await self._database.read(lambda c: _recent(c, before))

    def _day(self, ago: int) -> str:
        now = datetime.fromtimestamp(self._clock(), UTC)
        return (now - timedelta(days=ago)).date().isoformat()


async def _add(connection: AsyncConnection, group: Sequence[DayTally]) -> Sequence[None]:
    rows = [
        {
            "day": one.day,
            "backend": one.backend,
            **{name: getattr(one.tally, name) for name in _NUMBERS},
        }
        for one in group
    ]
    await connection.execute(_ADD.on(connection), rows)
    return [None] * len(group)


async def _recent(connection: AsyncConnection, before: str) -> list[DayTally]:
    return [
        DayTally(row.day, row.backend, Tally(*(getattr(row, name) for name in _NUMBERS)))
        for row in await connection.execute(_RECENT, {"before": before})
    ]
