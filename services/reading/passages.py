"""Passages: the places in a document that have to do with a question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Protocol

from domain.documents import InDocument, Passage
from services.reading.chunks import Piece
from services.reading.citations import Citations
from services.tokens import estimate
from storage.documents import Documents

MOST = 24
"""Passages that are looked for; far fewer find room in a question."""


class Meaning(Protocol):
    """Finds passages by what they mean, whatever words they use."""

    async def nearest(self, document: int, question: str, limit: int) -> Sequence[Passage]:
        """The passages that are closest to the question, closest first."""


@dataclass(frozen=True, slots=True)
class Found:
    """Passages, the best first; `score` says how well their words fit, from 0 to 1."""

    passages: tuple[Passage, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks in a document by words, and by meaning where somebody can do that."""

    documents: Documents
    meaning: Meaning | None = None

    async def find(self, document: int, question: str, before: str = "") -> Found:
        """Look for a question, and for what it goes on from, for that may say what it is about."""
        scope = InDocument(document)
        words = await self.documents.search(scope, question, MOST)
        lists = [words]
        if self.meaning is not None:
            lists.append(list(await self.meaning.nearest(document, question, MOST)))
        if before:
            lists.append(await self.documents.search(scope, f"{question}\n{before}", MOST))
        return Found(_in_turns(lists), max((one.score for one in words), default=0.0))


def joined(*found: Found) -> Found:
    """What several searches found, the best of each first."""
    lists = [one.passages for one in found]
    return Found(_in_turns(lists), max((one.score for one in found), default=0.0))


def packed(passages: Iterable[Passage], room: int, citations: Citations) -> list[Piece]:
    """As many of the best passages as there is room for, in the order of the document."""
    taken: list[Passage] = []
    for passage in passages:
        if estimate(citations.marked(_in_order([*taken, passage]))) <= room:
            taken.append(passage)
    return _in_order(taken)


def _in_order(passages: Sequence[Passage]) -> list[Piece]:
    """Those of one page are one piece."""
    pieces: list[Piece] = []
    for one in sorted(passages, key=lambda one: (one.page, one.id)):
        if pieces and pieces[-1].page == one.page:
            pieces[-1] = Piece(one.page, f"{pieces[-1].text}\n…\n{one.text}")
        else:
            pieces.append(Piece(one.page, one.text))
    return pieces


def _in_turns(lists: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """The first of each list, then the second ones; scores of different searches say nothing.

    So no search can be outvoted: a question that goes on from another may have no word of its own
    that tells anything.
    """
    turns = (one for row in zip_longest(*lists) for one in row if one is not None)
    return tuple({one.id: one for one in turns}.values())
