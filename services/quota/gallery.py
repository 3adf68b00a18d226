"""A picture of what somebody has used in the last days, on the shelf to be sent."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.messages import Attachment, Kind
from services.files import Shelf, Workrooms
from services.quota.remains import Purse, Remains

DAYS = 30


@dataclass(frozen=True, slots=True)
class Page:
    """What a person has used of a skill on each of the last days, and has left."""

    skill: str
    used: Sequence[int]
    remains: Remains


@dataclass(frozen=True, slots=True)
class Gallery:
    """Has pictures drawn, each in a room of its own."""

    purse: Purse
    rooms: Workrooms
    shelf: Shelf

    async def page(self, person: int, skill: str) -> Page:
        """What there is to be drawn."""
        days = self._days(skill)
        found = await self.purse.quotas.by_day(person, skill, days[0].isoformat())
        used = [found.get(day.isoformat(), 0) for day in days]
        return Page(skill, used, await self.purse.remains(person, skill))

    async def picture(self, page: Page, name: str) -> Attachment:
        """A bar a day, and a line where the daily limit is; `name` is that of the room."""
        # Pillow is dear, and asked for by few
        charts = await asyncio.to_thread(importlib.import_module, "services.charts")
        dated = zip(self._days(page.skill), page.used, strict=True)
        days = [charts.Day(day, used) for day, used in dated]
        limit = float(page.remains.amounts.per_day or 0)
        drawn = await charts.chart(charts.Month(days, limit))
        return await asyncio.to_thread(self._filed, drawn, name)

    def _days(self, skill: str) -> list[date]:
        today = self.purse.rules.today(skill)
        return [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]

    def _filed(self, drawn: bytes, name: str) -> Attachment:
        with self.rooms.open(name) as room:
            file = room / "quota.png"
            file.write_bytes(drawn)
            return Attachment(Kind.PHOTO, self.shelf.put(file, ".png"), "image/png", len(drawn))
