"""Gathering: notes on a long document, and notes on those, until they can be read at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from domain.answers import Phase
from domain.documents import Page
from services.reading.chunks import chunks
from services.reading.fences import fenced
from services.reading.notetaking import Desk, Notetaker, Part, Taking
from services.reading.orders import asking, fold_order, notes_order
from services.reading.steps import Gathered, Wanted
from services.reading.writing import Writer
from services.tokens import estimate
from storage.documents import Documents

SLACK = 16
"""Tokens by which estimates of a whole and of its parts may differ."""

MOST_TOKENS, LEAST_TOKENS = 400, 32
NOTES_IN_A_ROOM = 8
"""A note is so many times shorter than what it is on, so a few levels take any document."""

WORDS_A_TOKEN = 0.6
"""Some languages need more tokens a word; few models count their words well."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What all pages say, short enough to be read at once, each under the mark of its pages."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n\n".join(part.text for part in self.parts)

    @property
    def pages(self) -> set[int]:
        """The pages that it is about."""
        return {page for part in self.parts for page in part.pages}


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Has long documents read."""

    writer: Writer
    documents: Documents

    async def gather(
        self, wanted: Wanted, pages: Sequence[Page], room: int
    ) -> AsyncGenerator[Phase | Gathered | Notes, None]:
        """Yield how far it is, and last notes of no more than `room` tokens."""
        size = self._size(wanted)
        parts = await asyncio.to_thread(_cut, wanted, pages, size)
        order, first = notes_order, Gathered(0, 0, ())
        while True:
            desk = _desk(wanted, parts, order, _note_tokens(size))
            taken: tuple[Part, ...] = ()
            takings = Notetaker(self.writer, self.documents).take(desk, wanted.voice)
            async with aclosing(takings) as steps:
                async for taking in steps:
                    taken = _headed(taking)
                    if taking.waits:
                        yield taking.phase
                        continue
                    if order is notes_order:
                        first = _gathered(taking, pages, taken)
                    yield first
            notes = Notes(taken)
            if estimate(notes.text) <= room or len(taken) < 2:
                yield notes
                return
            parts, order = grouped(taken, size), fold_order

    async def has(self, wanted: Wanted, pages: Sequence[Page]) -> bool:
        """Whether there are notes on all pages already."""
        size = self._size(wanted)
        parts = await asyncio.to_thread(_cut, wanted, pages, size)
        desk = _desk(wanted, parts, notes_order, _note_tokens(size))
        kind = await asyncio.to_thread(lambda: desk.kind)
        return len(await self.documents.notes(wanted.document.id, kind)) == len(parts)

    def _size(self, wanted: Wanted) -> int:
        """How long a part may be; for all notes the same, so that they can be used again."""
        return min(self._room(wanted, notes_order), self._room(wanted, fold_order))

    def _room(self, wanted: Wanted, order: Callable[[int], str]) -> int:
        mark = wanted.neutral.mark(10**6, 10**6 + 1)
        beside = asking(order(MOST_TOKENS), fenced(""), mark, mark)
        return self.writer.room(wanted.route, beside) - SLACK


def grouped(notes: Sequence[Part], room: int) -> list[Part]:
    """Put neighbours together, as many in each group as there is room for."""
    groups: list[Part] = []
    for note in notes:
        last = groups[-1] if groups else None
        together = f"{last.text}\n\n{note.text}" if last else ""
        if last and estimate(together) <= room:
            groups[-1] = Part(last.number, last.first, note.last, together)
        else:
            groups.append(Part(len(groups) + 1, note.first, note.last, note.text))
    return groups


def _cut(wanted: Wanted, pages: Sequence[Page], size: int) -> list[Part]:
    mark = wanted.neutral.marked
    return [Part(one.number, one.first, one.last, mark(one.pieces)) for one in chunks(pages, size)]


def _desk(wanted: Wanted, parts: Sequence[Part], order: Callable[[int], str], tokens: int) -> Desk:
    told = order(int(tokens * WORDS_A_TOKEN))
    return Desk(wanted.document.id, parts, told, tokens, wanted.neutral, wanted.route)


def _note_tokens(size: int) -> int:
    """How long a note is; twice that is where it is cut off, so two always fit in a group."""
    return max(LEAST_TOKENS, min(MOST_TOKENS, size // NOTES_IN_A_ROOM))


def _headed(taking: Taking) -> tuple[Part, ...]:
    """The notes so far that say anything, each under the mark of its pages."""
    desk = taking.desk
    return tuple(
        Part(
            part.number,
            part.first,
            part.last,
            f"{desk.citations.mark(part.first, part.last)}\n{text}",
        )
        for part in desk.parts
        if (text := taking.done.get(part.number))
    )


def _gathered(taking: Taking, pages: Sequence[Page], notes: Sequence[Part]) -> Gathered:
    unread = {page for part in taking.open for page in part.pages}
    said = [page.number for page in pages if page.text]
    read = sum(page not in unread for page in said)
    return Gathered(read, len(said), tuple(note.text for note in notes))
