"""Documents are removed at once for everybody who asks, and their text some pages at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import Standing
from storage.document_rows import THERE
from storage.pages import PAGES_AT_ONCE, forget
from storage.tables import documents, lanes, notes, pages

_ID: Any = bindparam("of")
_MARK = (
    update(documents)
    .where(documents.c.id == _ID, THERE)
    .values(state=Standing.REMOVED.value, name="", title="", ref="", characters=0)
)
_UNCHOOSE = update(lanes).where(lanes.c.document == _ID).values(document=0)
_UNNOTE = delete(notes).where(notes.c.document == _ID)
_SOME = (
    select(pages.c.number)
    .where(pages.c.document == _ID)
    .order_by(pages.c.number)
    .limit(PAGES_AT_ONCE)
)
# By their numbers, oldest first: an index on the time would cost every document something.
_OLDEST = (
    select(documents.c.id, documents.c.created_at).order_by(documents.c.id).limit(500).subquery()
)
_OLD = select(_OLDEST.c.id).where(_OLDEST.c.created_at < bindparam("before"))
_REMOVED = (
    select(pages.c.document)
    .join(documents, documents.c.id == pages.c.document)
    .where(documents.c.state == Standing.REMOVED.value)
    .distinct()
)
_DROP = delete(documents).where(documents.c.id == _ID)


async def mark(connection: AsyncConnection, group: Sequence[int]) -> Sequence[bool]:
    """Let nobody find the documents again; whether they were there."""
    return [await _mark(connection, document) for document in group]


async def _mark(connection: AsyncConnection, document: int) -> bool:
    was_there = (await connection.execute(_MARK, {"of": document})).rowcount > 0
    await connection.execute(_UNCHOOSE, {"of": document})
    await connection.execute(_UNNOTE, {"of": document})
    return was_there


async def wipe(connection: AsyncConnection, group: Sequence[int]) -> Sequence[int]:
    """Delete some pages of each document and all that was made of them; how many there were."""
    return [await _wipe(connection, document) for document in group]


async def _wipe(connection: AsyncConnection, document: int) -> int:
    some = list((await connection.execute(_SOME, {"of": document})).scalars())
    if some:
        await forget(connection, document, some)
    return len(some)


async def drop(connection: AsyncConnection, group: Sequence[int]) -> Sequence[None]:
    """Forget that there ever were such documents."""
    for document in group:
        await connection.execute(_DROP, {"of": document})
    return [None] * len(group)


async def old(connection: AsyncConnection, before: float) -> list[int]:
    """Some of the documents that came before a time."""
    return list((await connection.execute(_OLD, {"before": before})).scalars())


async def half_removed(connection: AsyncConnection) -> list[int]:
    """Removed documents whose text is still there: the program ended on the way."""
    return list((await connection.execute(_REMOVED)).scalars())
