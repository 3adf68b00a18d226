"""Extracts: what a document says in its own words, where no model is good enough to tell it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.documents import InDocument, Page
from services.reading.orders import Length
from services.reading.steps import Wanted, Written
from storage.documents import Documents

PAGES: dict[Length, int] = {Length.SHORT: 3, Length.FULL: 12, Length.BULLETS: 8}
"""From how many pages something is shown."""

PLACES = 3
"""Passages that may answer a question."""

LONGEST = 240
"""Characters of an extract."""

_SENTENCE = re.compile(r"\S.{0,400}?(?:[.!?…](?=\s|$)|\n\n|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Extracts:
    """Shows the beginnings of pages, and the passages that have the words of a question."""

    documents: Documents

    async def summary(self, wanted: Wanted) -> Written:
        """The first sentence of each of some pages that lie evenly in the document."""
        pages = [page for page in await self.documents.pages(wanted.document.id) if page.text]
        chosen = _evenly(pages, PAGES[wanted.length])
        return self._written(wanted, ((page.number, page.text) for page in chosen))

    async def answer(self, wanted: Wanted, question: str) -> Written:
        """The places that may tell; those of the beginning where no word is found."""
        scope = InDocument(wanted.document.id)
        found = await self.documents.search(scope, question, PLACES)
        if not found:
            return await self.summary(wanted)
        return self._written(wanted, ((one.page, one.text) for one in found))

    def _written(self, wanted: Wanted, pieces: Iterable[tuple[int, str]]) -> Written:
        voice = wanted.voice
        lines = [f"- {_beginning(text)} {wanted.citations.form([page])}" for page, text in pieces]
        if not lines:
            return Written("")
        note = voice(
            "These are extracts: the demonstration model cannot read documents. "
            "See /status for a better one."
        )
        return Written("\n".join([*lines, "", f"_{note}_"]))


def _evenly(pages: Sequence[Page], most: int) -> Sequence[Page]:
    """So many pages at the most, the first one among them."""
    if len(pages) <= most:
        return pages
    return [pages[number * len(pages) // most] for number in range(most)]


def _beginning(text: str) -> str:
    """The first sentences that fit, on one line."""
    told = ""
    for found in _SENTENCE.finditer(text):
        sentence = " ".join(found[0].split())
        if told and len(told) + len(sentence) > LONGEST:
            break
        told = f"{told} {sentence}".strip()
    return told if len(told) <= LONGEST else f"{told[:LONGEST].rstrip()}…"
