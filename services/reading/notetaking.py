"""Notetaking: parts of a document become notes, many at a time, and none is taken twice.

Each note is stored as soon as it is there, so a new start goes on with those that are missing, and
a summary of another length finds them all. Notes belong to exactly the parts that they were taken
on: another text, another cut or another order is other work.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2s

from domain.answers import Phase
from domain.errors import NotAllowed
from domain.routes import Route
from services.first_piece import put_away
from services.reading.citations import Citations
from services.reading.fences import fenced
from services.reading.orders import asking
from services.reading.writing import Writer
from services.tokens import A_TURN, BYTES_A_TOKEN, estimate
from services.words import Voice
from storage.documents import Documents, Note


@dataclass(frozen=True, slots=True)
class Part:
    """A text to take notes on, with the pages that it is from; numbered from 1."""

    number: int
    first: int
    last: int
    text: str

    @property
    def pages(self) -> range:
        """The pages that it may be cited with."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Desk:
    """Work of one kind on all parts of a document; `tokens` is how long a note should be."""

    document: int
    parts: Sequence[Part]
    order: str
    tokens: int
    citations: Citations
    route: Route

    @property
    def kind(self) -> str:
        """The name under which the notes are kept."""
        told = blake2s(f"{self.order}\0{self.tokens}".encode())
        for part in self.parts:
            told.update(f"\0{part.first}-{part.last}\0{part.text}".encode())
        return f"notes {told.hexdigest()[:16]}"


@dataclass(slots=True)
class Taking:
    """Notes being taken: those that are there, and what is waited for before the first."""

    desk: Desk
    kind: str
    done: dict[int, str]
    phase: Phase = Phase.THINKING
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def open(self) -> list[Part]:
        """The parts without a note."""
        return [part for part in self.desk.parts if part.number not in self.done]

    @property
    def waits(self) -> bool:
        """Whether nobody has begun yet, for want of a place or of a model in memory."""
        return not self.done and self.phase is not Phase.THINKING

    def observe(self, phase: Phase) -> None:
        """Remember what is being waited for."""
        if phase is not self.phase:
            self.phase = phase
            self.news.set()

    def note(self, number: int, text: str) -> None:
        """Keep a note."""
        self.done[number] = text
        self.news.set()


@dataclass(frozen=True, slots=True)
class Notetaker:
    """Takes notes with as many models at once as there are places."""

    writer: Writer
    documents: Documents

    async def take(self, desk: Desk, voice: Voice) -> AsyncGenerator[Taking, None]:
        """Yield how far it is, the first time before anybody was asked, the last time all.

        Raises NotAllowed where the document is deleted meanwhile.
        """
        kind = await asyncio.to_thread(lambda: desk.kind)
        known = await self.documents.notes(desk.document, kind)
        taking = Taking(desk, kind, known)
        yield taking
        work = asyncio.create_task(self._all(taking, voice), name=f"notes on {desk.document}")
        try:
            while not work.done():
                news = asyncio.create_task(taking.news.wait(), name="news of notes")
                await asyncio.wait({work, news}, return_when=asyncio.FIRST_COMPLETED)
                await put_away(news)
                taking.news.clear()
                yield taking
            work.result()
        finally:
            await put_away(work)

    async def _all(self, taking: Taking, voice: Voice) -> None:
        line = iter(taking.open)
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(min(self.writer.places, len(taking.open))):
                    hand = self._one_after_another(taking, line, voice)
                    group.create_task(hand, name=f"note {number} on {taking.desk.document}")
        except ExceptionGroup as troubles:
            raise troubles.exceptions[0] from None

    async def _one_after_another(self, taking: Taking, line: Iterator[Part], voice: Voice) -> None:
        for part in line:
            text = await self._note(taking, part)
            note = Note(taking.desk.document, taking.kind, part.number, text)
            # a model that said nothing is asked again another time
            if text and not await self.documents.put_note(note):
                raise NotAllowed(voice("This document was deleted."))
            taking.note(part.number, text)

    async def _note(self, taking: Taking, part: Part) -> str:
        desk = taking.desk
        example = desk.citations.mark(part.first)
        turns = asking(desk.order, fenced(part.text), example, example)
        said = await self.writer.written(desk.route, turns, desk.tokens, taking.observe)
        return _shortened(desk.citations.checked(said, part.pages), 2 * desk.tokens)


def _shortened(text: str, tokens: int) -> str:
    """Keep the beginning of a note of a model that does not stop, up to the end of a line."""
    if estimate(text) <= tokens:
        return text
    cut = text.encode()[: int((tokens - A_TURN) * BYTES_A_TOKEN)].decode(errors="ignore")
    return cut[: max(cut.rfind(end) for end in ("\n", ". ", " "))].rstrip() or cut
