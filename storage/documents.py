"""Documents: kept page by page, found by their words, and removed for good."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from domain.documents import Document, Page, Passage, Scope
from storage import document_rows, document_search, notes, pages, removing, vectors
from storage.database import Database
from storage.document_rows import NewDocument
from storage.fusion import fused
from storage.notes import Note
from storage.vectors import NewVectors

__all__ = ["Documents", "NewDocument", "NewVectors", "Note"]

LAST = 2**62  # beyond every page
DEEPER = 4  # times as many of each order are looked at as are wanted of both
VECTORS_AT_ONCE = 100  # so that others can write in between


class Documents:
    """All documents that anybody sent."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def add(self, new: NewDocument) -> int:
        """Begin to keep a document; gives its id, the same for a message that was seen before.

        What was removed begins anew under its old id, without text.
        """
        if known := await self.find(new.chat, new.origin.message):
            await self._wipe_removed(known)
        return await self._database.write(document_rows.add, (new, self._clock()))

    async def put_pages(self, document: int, some: Sequence[Page]) -> bool:
        """Store pages; false, and nothing more is stored, once the document is removed.

        A page that is there already is left alone; one with another text takes its place. Many
        pages are written in several transactions: after a crash `missing` says which are left.
        """
        for portion in pages.portions(some):
            ready = await asyncio.to_thread(pages.prepared, document, portion)
            if not await self._database.write(pages.put, ready):
                return False
        return True

    async def missing(self, document: int) -> list[int]:
        """The numbers of the pages that are not stored yet; none where their count is unknown."""
        known = await self.get(document)
        stored = set(await self.stored(document))
        many = known.outline.pages if known else 0
        return [number for number in range(1, many + 1) if number not in stored]

    async def stored(self, document: int) -> list[int]:
        """The numbers of the pages that are stored."""
        return await self._database.read(lambda c: pages.numbers(c, document))

    async def pages(self, document: int, first: int = 1, last: int = LAST) -> list[Page]:
        """The stored pages from the first to the last, in order."""
        return await self._database.read(lambda c: pages.read(c, document, first, last))

    async def finish(self, document: int) -> None:
        """Say that all pages that can be had are stored: it is ready, and its text is counted."""
        await self._database.write(document_rows.finish, document)

    async def get(self, document: int) -> Document | None:
        """The document of this id, with its standing; whose it is, is for the caller to check."""
        return await self._database.read(lambda c: document_rows.get(c, document))

    async def find(self, chat: int, message: int) -> Document | None:
        """The document that came with a message, with its standing."""
        return await self._database.read(lambda c: document_rows.find(c, chat, message))

    async def listed(self, chat: int, person: int | None = None) -> list[Document]:
        """The newest documents of a chat, or of one person in it, newest first."""
        return await self._database.read(lambda c: document_rows.listed(c, chat, person))

    async def current(self, lane: str) -> Document | None:
        """The document that a lane is about."""
        return await self._database.read(lambda c: document_rows.current(c, lane))

    async def choose(self, lane: str, document: int | None) -> None:
        """Remember what a lane is about; None for no document."""
        await self._database.write(document_rows.choose, (lane, document or 0))

    async def remove(self, document: int) -> bool:
        """Delete a document's text, notes and name; false where it was not there.

        At once nobody finds it. What is left is that there was one.
        """
        was_there = await self._database.write(removing.mark, document)
        await self._wipe(document)
        return was_there

    async def prune(self, before: float) -> int:
        """Forget the documents that came before a time, and what removals left; how many."""
        for document in await self._database.read(removing.half_removed):
            await self._wipe(document)
        total = 0
        while old := await self._database.read(lambda c: removing.old(c, before)):
            for document in old:
                await self.remove(document)
                await self._database.write(removing.drop, document)
            total += len(old)
        return total

    async def search(self, scope: Scope, question: str, limit: int = 8) -> list[Passage]:
        """The passages with the words of a question, best first; scores from 0 to 1.

        Any text is a question; where it has no word that is in the scope, nothing is found.
        """
        return await self._database.read(
            lambda c: document_search.search(c, scope, question, limit)
        )

    async def without_vectors(
        self, document: int, model: str, most: int = VECTORS_AT_ONCE
    ) -> list[Passage]:
        """Passages that an embedding model has not seen yet, in order, at most so many."""
        return await self._database.read(lambda c: vectors.without(c, document, model, most))

    async def put_vectors(self, new: NewVectors) -> int:
        """Keep the vectors of those passages that are still there; how many those are.

        A passage has one vector: another model's takes its place. Raises ValueError for bytes
        that are no vector.
        """
        every = await asyncio.to_thread(vectors.rows, new)
        total = 0
        for first in range(0, len(every), VECTORS_AT_ONCE):
            portion = (new.document, every[first : first + VECTORS_AT_ONCE])
            total += await self._database.write(vectors.put, portion)
        return total

    async def nearest(
        self, scope: Scope, model: str, vector: bytes, limit: int = 8
    ) -> list[Passage]:
        """The passages nearest in meaning, nearest first; scores are cosines.

        Only vectors of this model are looked at. Raises ValueError for bytes that are no vector.
        """
        wanted = vectors.unit(vector)
        known = await self._database.read(lambda c: vectors.sketches(c, scope, model))
        near = await asyncio.to_thread(vectors.nearest_sketches, known, wanted)
        return await self._database.read(lambda c: vectors.compared(c, near, wanted, limit))

    async def hybrid(
        self, scope: Scope, question: str, model: str, vector: bytes, limit: int = 8
    ) -> list[Passage]:
        """The best by words and by meaning, by reciprocal rank; scores from 0 to 1."""
        orders = await asyncio.gather(
            self.search(scope, question, limit * DEEPER),
            self.nearest(scope, model, vector, limit * DEEPER),
        )
        return fused(orders, limit)

    async def put_note(self, note: Note) -> bool:
        """Keep a note in place of an earlier one; false where the document is removed."""
        return await self._database.write(notes.put, note)

    async def note(self, document: int, kind: str, number: int) -> str | None:
        """One note."""
        return await self._database.read(lambda c: notes.one(c, document, kind, number))

    async def notes(self, document: int, kind: str) -> dict[int, str]:
        """All notes of a kind, by their numbers."""
        return await self._database.read(lambda c: notes.of_kind(c, document, kind))

    async def _wipe_removed(self, known: Document) -> None:
        if known.standing == "removed":
            await self._wipe(known.id)

    async def _wipe(self, document: int) -> None:
        while await self._database.write(removing.wipe, document):
            pass
