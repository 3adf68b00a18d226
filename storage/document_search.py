"""The passages that have the words of a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, and_, bindparam, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import Passage, Scope, Standing
from storage.ranking import Weights, shortlist
from storage.tables import documents, pages, passages
from storage.word_index import ENOUGH, hits
from storage.words import asked

_IDS: Any = bindparam("ids", expanding=True)
_WORDS = select(passages.c.id, passages.c.words).where(passages.c.id.in_(_IDS))
_START, _LENGTH = cast(passages.c.start, Integer), cast(passages.c.length, Integer)
TEXT = func.substr(pages.c.text, _START + 1, _LENGTH).label("text")
PLACED = (
    select(passages.c.id, passages.c.document, passages.c.page, TEXT)
    .join_from(
        passages,
        pages,
        and_(pages.c.document == passages.c.document, pages.c.number == passages.c.page),
    )
    .join(documents, documents.c.id == passages.c.document)
    .where(documents.c.state != Standing.REMOVED.value)
)
_TEXTS = PLACED.where(passages.c.id.in_(_IDS))


async def search(
    connection: AsyncConnection, scope: Scope, question: str, limit: int
) -> list[Passage]:
    """The best passages, best first; none where no word of the question is."""
    found = {stem: await hits(connection, scope, stem) for stem in asked(question)}
    weights = Weights.by_rarity(found, ENOUGH)
    if not (ids := shortlist(found, weights, ENOUGH)):
        return []
    rows = await connection.execute(_WORDS, {"ids": ids})
    scores = {row.id: weights.score(row.words) for row in rows}
    return await placed(connection, best(scores, limit))


def best(scores: Mapping[int, float], limit: int) -> dict[int, float]:
    """The highest scores, highest first; of equal ones those that come first in their document."""
    ordered = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    return dict(ordered[: max(limit, 0)])


async def placed(connection: AsyncConnection, scores: Mapping[int, float]) -> list[Passage]:
    """The passages of these scores, in this order, with their pages and texts."""
    if not scores:
        return []
    rows = (await connection.execute(_TEXTS, {"ids": list(scores)})).all()
    there = {row.id: passage(row, scores[row.id]) for row in rows}
    return [there[one] for one in scores if one in there]


def passage(row: Any, score: float = 0.0) -> Passage:
    """A row of what is placed."""
    return Passage(row.id, row.document, row.page, row.text, score)
