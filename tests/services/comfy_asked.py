"""Commissions for a ComfyUI, and what comes of them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from domain.drawing import Sketch
from services.backends.comfyui import ComfyImage, ComfyVideo
from services.skills import Commission
from services.wire import Wire
from tests.fakes.comfyui import FakeComfy


@dataclass(slots=True)
class Asker:
    """Who commissions something: the tickets that had to be remembered, the English that was."""

    room: Path
    tickets: list[str] = field(default_factory=list)
    translated: int = 0

    async def remember(self, ticket: str) -> None:
        """Write a ticket down."""
        self.tickets.append(ticket)

    async def in_english(self) -> str:
        """Say it in English."""
        self.translated += 1
        return "a red cat"

    def commission(self, sketch: Sketch | None = None, **more: Any) -> Commission:
        """A commission of this asker."""
        self.room.mkdir(exist_ok=True)
        sketch = sketch or Sketch("рудий кіт", seed=7)
        return Commission(sketch, self.room, self.remember, self.in_english, **more)


def image_at(fake: FakeComfy, wire: Wire, folder: Path, **more: Any) -> ComfyImage:
    """A backend for pictures that asks this fake."""
    given: dict[str, Any] = {"url": fake.url, "poll": 0.2, "grace": 5.0, "label": "Card"}
    return ComfyImage(wire, folder, **given | more)


def video_at(fake: FakeComfy, wire: Wire, folder: Path, **more: Any) -> ComfyVideo:
    """A backend for films that asks this fake."""
    given: dict[str, Any] = {"url": fake.url, "poll": 0.2, "grace": 5.0, "label": "Card"}
    return ComfyVideo(wire, folder, **given | {"workflow": "try-animation"} | more)


def begun(backend: ComfyImage | ComfyVideo, commission: Commission) -> AsyncGenerator[Any, None]:
    """The events of a commission as they come."""
    if isinstance(backend, ComfyImage):
        return backend.draw(commission)
    return backend.film(commission)


async def made(backend: ComfyImage | ComfyVideo, commission: Commission) -> list[Any]:
    """All events of a commission."""
    async with aclosing(begun(backend, commission)) as events:
        return [event async for event in events]


def of(kind: type[Any], events: list[Any]) -> list[Any]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def png(path: Path, width: int = 32, height: int = 24) -> Path:
    """A small red picture."""

    def chunk(name: bytes, raw: bytes) -> bytes:
        return struct.pack(">I", len(raw)) + name + raw + struct.pack(">I", zlib.crc32(name + raw))

    rows = (b"\0" + b"\xff\0\0" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


def started(commission: Commission, start: Path) -> Commission:
    """The same, beginning from a picture."""
    return replace(commission, sketch=replace(commission.sketch, start=start))
