"""Notes on parts of a document: work that a restart or another length need not repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import Standing
from storage.dialects import Upsert
from storage.folding import holdable
from storage.tables import documents, notes


@dataclass(frozen=True, slots=True)
class Note:
    """What was written about one part; `kind` says in which work, `number` about which part."""

    document: int
    kind: str
    number: int
    text: str


_THERE = select(documents.c.id).where(
    documents.c.state != Standing.REMOVED.value,
    documents.c.id.in_(bindparam("ids", expanding=True)),
)
_PUT = Upsert(notes, ("document", "kind", "number"), lambda new: {"text": new.text})
_OF_KIND = (
    select(notes.c.number, notes.c.text)
    .where(notes.c.document == bindparam("document"), notes.c.kind == bindparam("kind"))
    .order_by(notes.c.number)
)
_ONE = select(notes.c.text).where(
    notes.c.document == bindparam("document"),
    notes.c.kind == bindparam("kind"),
    notes.c.number == bindparam("number"),
)


async def put(connection: AsyncConnection, group: Sequence[Note]) -> Sequence[bool]:
    """Write notes down, the last of each place; false for documents that are there no more."""
    ids = sorted({note.document for note in group})
    there = set((await connection.execute(_THERE, {"ids": ids})).scalars())
    rows = {
        (note.document, note.kind, note.number): holdable(note.text)
        for note in group
        if note.document in there
    }
    values = [
        {"document": document, "kind": kind, "number": number, "text": text}
        for (document, kind, number), text in rows.items()
    ]
    if values:
        await connection.execute(_PUT.on(connection), values)
    return [note.document in there for note in group]


async def one(connection: AsyncConnection, document: int, kind: str, number: int) -> str | None:
    """One note."""
    values = {"document": document, "kind": kind, "number": number}
    found: str | None = (await connection.execute(_ONE, values)).scalar()
    return found


async def of_kind(connection: AsyncConnection, document: int, kind: str) -> dict[int, str]:
    """All notes of a kind by their numbers, in order."""
    rows = await connection.execute(_OF_KIND, {"document": document, "kind": kind})
    return {row.number: row.text for row in rows}
