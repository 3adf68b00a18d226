"""What is known of documents besides their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import Document, DocumentKind, Origin, Outline, Standing
from storage.dialects import Upsert
from storage.folding import holdable
from storage.tables import documents, lanes, pages

LONGEST_NAME = 255  # characters of a name or a title that are kept
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that was just opened."""

    person: int
    chat: int
    origin: Origin
    name: str
    outline: Outline


THERE = documents.c.state != Standing.REMOVED.value
_AGAIN = ("person", "lane", "ref", "name", "kind", "title", "pages", "characters", "created_at")
# What was removed begins anew; what is there already is left as it is.
_ADD = Upsert(
    documents,
    ("chat", "message"),
    lambda new: {
        "state": case((THERE, documents.c.state), else_=new.state),
        **{name: case((THERE, documents.c[name]), else_=new[name]) for name in _AGAIN},
    },
)
_FIND = select(documents).where(
    documents.c.chat == bindparam("chat"), documents.c.message == bindparam("message")
)
_GET = select(documents).where(documents.c.id == bindparam("document"))
_LIST = (
    select(documents)
    .where(THERE, documents.c.chat == bindparam("chat"))
    .order_by(documents.c.id.desc())
    .limit(MOST_LISTED)
)
_LIST_OF = _LIST.where(documents.c.person == bindparam("person"))
_CURRENT = (
    select(documents)
    .join(lanes, lanes.c.document == documents.c.id)
    .where(lanes.c.lane == bindparam("lane"), THERE)
)
_CHOOSE = Upsert(lanes, ("lane",), lambda new: {"document": new.document})


def _of_pages(what: Any) -> Any:
    return (
        select(func.coalesce(what, 0)).where(pages.c.document == documents.c.id).scalar_subquery()
    )


_FINISH = (
    update(documents)
    .where(documents.c.id == bindparam("document"), THERE)
    .values(
        state=Standing.READY.value,
        characters=_of_pages(func.sum(func.length(pages.c.text))),
        pages=case(
            (documents.c.pages == 0, _of_pages(func.max(pages.c.number))), else_=documents.c.pages
        ),
    )
)


async def add(
    connection: AsyncConnection, group: Sequence[tuple[NewDocument, float]]
) -> Sequence[int]:
    """Write documents down, each message's once; gives their ids."""
    return [await _add(connection, new, now) for new, now in group]


async def _add(connection: AsyncConnection, new: NewDocument, now: float) -> int:
    values = {
        "person": new.person,
        "chat": new.chat,
        "lane": new.origin.lane,
        "message": new.origin.message,
        "ref": holdable(new.origin.ref),
        "name": holdable(new.name)[:LONGEST_NAME],
        "kind": new.outline.kind.value,
        "title": holdable(new.outline.title)[:LONGEST_NAME],
        "pages": new.outline.pages,
        "characters": 0,
        "state": Standing.READING.value,
        "created_at": now,
    }
    await connection.execute(_ADD.on(connection), values)
    where = {"chat": new.chat, "message": new.origin.message}
    return int((await connection.execute(_FIND, where)).scalar_one())


async def finish(connection: AsyncConnection, group: Sequence[int]) -> Sequence[None]:
    """Count what there is, and call it all."""
    for document in group:
        await connection.execute(_FINISH, {"document": document})
    return [None] * len(group)


async def choose(connection: AsyncConnection, group: Sequence[tuple[str, int]]) -> Sequence[None]:
    """Remember the document that a lane is about; 0 for none."""
    rows = [{"lane": lane, "document": document} for lane, document in group]
    await connection.execute(_CHOOSE.on(connection), rows)
    return [None] * len(group)


async def get(connection: AsyncConnection, document: int) -> Document | None:
    """The document of this number, removed or not."""
    return _document((await connection.execute(_GET, {"document": document})).first())


async def find(connection: AsyncConnection, chat: int, message: int) -> Document | None:
    """The document that came with a message, removed or not."""
    values = {"chat": chat, "message": message}
    return _document((await connection.execute(_FIND, values)).first())


async def current(connection: AsyncConnection, lane: str) -> Document | None:
    """The document that a lane is about, unless it was removed."""
    return _document((await connection.execute(_CURRENT, {"lane": lane})).first())


async def listed(connection: AsyncConnection, chat: int, person: int | None) -> list[Document]:
    """The newest documents of a chat, or of one person there, newest first."""
    statement = _LIST if person is None else _LIST_OF
    rows = await connection.execute(statement, {"chat": chat, "person": person})
    return [one for row in rows if (one := _document(row))]


def _document(row: Row[Any] | None) -> Document | None:
    if row is None:
        return None
    return Document(
        row.id,
        row.person,
        row.chat,
        row.name,
        Outline(DocumentKind(row.kind), row.pages, row.title),
        row.characters,
        Origin(row.lane, row.message, row.ref),
        Standing(row.state),
    )
