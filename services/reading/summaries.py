"""Summaries: short documents are read whole, of long ones the notes on all their parts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from domain.documents import Page
from domain.errors import Unsupported
from domain.messages import Turn
from services.reading.chunks import Piece
from services.reading.citing import cited
from services.reading.extracts import Extracts
from services.reading.fences import fenced
from services.reading.gathering import SLACK, Gatherer, Notes
from services.reading.orders import asking, language_named, summary_order
from services.reading.steps import ReadingStep, Wanted, Written
from services.reading.writing import Writer
from services.tokens import estimate
from storage.documents import Documents


@dataclass(frozen=True, slots=True)
class Summaries:
    """Summarises documents that are stored."""

    writer: Writer
    documents: Documents

    async def summarise(self, wanted: Wanted) -> AsyncGenerator[ReadingStep, None]:
        """Yield how far it is, drafts, and the summary; raises Unsupported without any text."""
        pages = await self.documents.pages(wanted.document.id)
        pages = [page for page in pages if page.text.strip()]
        if not pages:
            raise Unsupported(wanted.voice("I found no text in this document."))
        if self.writer.chain.demonstrates():
            yield await Extracts(self.documents).summary(wanted)
            return
        text = wanted.neutral.marked(Piece(page.number, page.text) for page in pages)
        if estimate(text) <= self._room(wanted, of_notes=False):
            turns = _turns(wanted, text, of_notes=False)
            steps: AsyncGenerator[ReadingStep, None] = cited(
                self.writer, wanted, turns, {page.number for page in pages}
            )
        else:
            steps = self._of_notes(wanted, pages)
        async with aclosing(steps) as told:
            async for step in told:
                yield step

    async def _of_notes(
        self, wanted: Wanted, pages: Sequence[Page]
    ) -> AsyncGenerator[ReadingStep, None]:
        notes = Notes(())
        room = self._room(wanted, of_notes=True)
        gathering = Gatherer(self.writer, self.documents).gather(wanted, pages, room)
        async with aclosing(gathering) as steps:
            async for step in steps:
                if isinstance(step, Notes):
                    notes = step
                else:
                    yield step
        if not notes.parts:
            yield Written("")
            return
        turns = _turns(wanted, notes.text, of_notes=True)
        async with aclosing(cited(self.writer, wanted, turns, notes.pages)) as written:
            async for one in written:
                yield one

    def _room(self, wanted: Wanted, *, of_notes: bool) -> int:
        beside = _turns(wanted, "", of_notes=of_notes)
        return self.writer.room(wanted.route, beside) - SLACK


def _turns(wanted: Wanted, text: str, *, of_notes: bool) -> list[Turn]:
    language = language_named(wanted.voice.language)
    order = summary_order(wanted.length, language, of_notes=of_notes)
    first = wanted.neutral.mark(1)
    return asking(order, fenced(text), first, wanted.citations.form([1]))
