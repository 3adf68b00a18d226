"""Scans: pages without text are drawn and read by whoever can see, several at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

from domain.documents import Page, Source
from domain.errors import NoBackendLeft
from domain.pictures import Picture
from domain.routes import Category, Route
from services.chain import Chain
from services.first_piece import put_away
from services.opening.opener import Opener
from services.skills import ChatOptions, VisionModel
from services.thoughts import Listener
from services.words import Voice

ORDER = (
    "Copy out all the text on this page, word for word, in its own language and reading order. "
    "Keep tables as rows with | between the cells. Write nothing else."
)
LONGEST = 3000
"""Tokens that a page may have."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A document's file, and how to open it."""

    file: Path
    room: Path
    password: str = ""


@dataclass(slots=True)
class _Round:
    """Pages on their way: those that are read wait in `done`."""

    line: Iterator[int]
    done: asyncio.Queue[Page] = field(default_factory=asyncio.Queue)


@dataclass(frozen=True, slots=True)
class Scans:
    """Has pages read; a page that nobody can read comes with an empty text."""

    chain: Chain[VisionModel]
    opener: Opener

    async def read(
        self, scan: Scan, numbers: Sequence[int], voice: Voice
    ) -> AsyncGenerator[Page, None]:
        """Yield the pages as they are read, in any order."""
        under_way = _Round(iter(numbers))
        work = asyncio.create_task(self._all(scan, under_way, voice), name="reading scans")
        try:
            for _ in numbers:
                yield await self._next(under_way, work)
            await work
        finally:
            await put_away(work)

    async def _next(self, under_way: _Round, work: asyncio.Task[None]) -> Page:
        """The next page that is done; raises what has ended the work."""
        page = asyncio.create_task(under_way.done.get(), name="the next scan")
        await asyncio.wait({page, work}, return_when=asyncio.FIRST_COMPLETED)
        if not page.done() and under_way.done.empty():
            await put_away(page)
            work.result()
        return await page

    async def _all(self, scan: Scan, under_way: _Round, voice: Voice) -> None:
        places = sum(one.slots for one in self.chain.state() if one.health.up) or 1
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(places):
                    reader = self._one_after_another(scan, under_way, voice)
                    group.create_task(reader, name=f"reader of scans {number}")
        except ExceptionGroup as troubles:
            raise troubles.exceptions[0] from None

    async def _one_after_another(self, scan: Scan, under_way: _Round, voice: Voice) -> None:
        for number in under_way.line:
            picture = await self.opener.render(
                scan.file, number, scan.room, voice, password=scan.password
            )
            page = await self._read(number, picture)
            picture.path.unlink(missing_ok=True)
            under_way.done.put_nowait(page)

    async def _read(self, number: int, picture: Picture) -> Page:
        heard, source = Listener(), Source.VISION

        def call(backend: VisionModel) -> AsyncIterator[str]:
            nonlocal source
            source = Source.OCR if getattr(backend, "reads_only", False) else Source.VISION
            return backend.look([picture], ORDER, ChatOptions(LONGEST))

        try:
            seen = self.chain.stream(Route(Category.VISION_PDF), call)
            async with aclosing(seen) as pieces:
                async for piece in pieces:
                    heard.hear(piece)
        except NoBackendLeft:
            return Page(number, "")
        heard.finish()
        return Page(number, heard.answer, source)
