"""A picture of what somebody has used in the last days, on the shelf to be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

from domain.jobs import Job
from domain.messages import Attachment, Kind
from services.files import Shelf, Workrooms
from services.quota.phrases import title
from services.quota.remains import Purse
from services.words import Voice

DAYS = 30


class Draw(Protocol):
    """Draws how many there were on each day."""

    def __call__(self, file: Path, days: Sequence[date], rows: Mapping[str, Sequence[int]]) -> None:
        """Write a PNG; `rows` has a number for each day under each title."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Has pictures drawn, each in a room of its own."""

    purse: Purse
    rooms: Workrooms
    shelf: Shelf
    draw: Draw

    async def picture(self, job: Job, skills: Sequence[str], voice: Voice) -> Attachment:
        """The last days of whoever asks, a row a skill."""
        today = self.purse.rules.today(skills[0])
        days = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
        rows = {
            title(voice, skill): await self._row(job.payload.person.id, skill, days)
            for skill in skills
        }
        return await asyncio.to_thread(self._drawn, f"quota-{job.id}", days, rows)

    async def _row(self, person: int, skill: str, days: Sequence[date]) -> list[int]:
        found = await self.purse.quotas.by_day(person, skill, days[0].isoformat())
        return [found.get(day.isoformat(), 0) for day in days]

    def _drawn(
        self, name: str, days: Sequence[date], rows: Mapping[str, Sequence[int]]
    ) -> Attachment:
        with self.rooms.open(name) as room:
            file = room / "quota.png"
            self.draw(file, days, rows)
            size = file.stat().st_size
            return Attachment(Kind.PHOTO, self.shelf.put(file, ".png"), "image/png", size)
