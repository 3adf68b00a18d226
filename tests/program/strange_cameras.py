"""Strangers' backends that draw and film: quickly, and nothing worth looking at."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from domain.answers import Phase, Progress
from domain.drawing import Clip, Settled
from domain.pictures import Picture
from services.skills import Commission, Ready

STEPS = 4


@dataclass(frozen=True, slots=True)
class Pencil:
    """Draws in a few steps, each of which takes so many `seconds`."""

    label: str = "Pencil"
    seconds: float = 0.01

    async def ready(self) -> Ready:
        """Always well."""
        return Ready()

    async def draw(
        self, commission: Commission
    ) -> AsyncGenerator[Settled | Progress | Picture, None]:
        """Tell each step, then give a file."""
        yield Settled(commission.sketch, "Pencil")
        for step in range(1, STEPS + 1):
            await asyncio.sleep(self.seconds)
            yield Progress(Phase.DRAWING, f"{step}/{STEPS}", step / STEPS)
        made = commission.room / "picture.png"
        await asyncio.to_thread(made.write_bytes, commission.sketch.prompt.encode())
        yield Picture(made, "image/png")


@dataclass(frozen=True, slots=True)
class Camera:
    """Films in a few steps, each of which takes so many `seconds`."""

    label: str = "Camera"
    seconds: float = 0.01

    async def ready(self) -> Ready:
        """Always well."""
        return Ready()

    async def film(self, commission: Commission) -> AsyncGenerator[Settled | Progress | Clip, None]:
        """Tell each step, then give a file."""
        yield Settled(commission.sketch, "Camera")
        for step in range(1, STEPS + 1):
            await asyncio.sleep(self.seconds)
            yield Progress(Phase.FILMING, f"{step}/{STEPS}", step / STEPS)
        made = commission.room / "film.mp4"
        await asyncio.to_thread(made.write_bytes, commission.sketch.prompt.encode())
        yield Clip(made, "video/mp4")
