"""Passages by one word, in the kind of index that each database has."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.documents import InDocument, Scope
from storage.document_tables import LEXEMES, WORD_INDEX
from storage.stems import may_begin

ENOUGH = 1000
"""So many passages are found for a word, no more: what is in all of them tells none apart."""

# The ids come as one text: thousands of rows cost more to hand over than to find, and make
# Python look through all its memory for what is not needed any more.
_IN_SQLITE = text(
    "SELECT group_concat(rowid) FROM "  # noqa: S608  # our own
    f"(SELECT rowid FROM {WORD_INDEX} WHERE {WORD_INDEX} MATCH :wanted LIMIT {ENOUGH})"
)
# Planned as if all were wanted: to stop early, PostgreSQL would read the table without its index.
_IN_POSTGRES = text(
    "WITH found AS MATERIALIZED "  # noqa: S608  # our own
    f"(SELECT id FROM passages WHERE {LEXEMES} @@ CAST(:wanted AS tsquery)) "
    f"SELECT string_agg(CAST(id AS text), ',') FROM (SELECT id FROM found LIMIT {ENOUGH}) AS few"
)


def owners(document: int, chat: int) -> str:
    """What is indexed with each passage to say whose it is; no word has an underscore."""
    return f"{_owner('d', document)} {_owner('c', chat)}"


async def hits(connection: AsyncConnection, scope: Scope, stem: str) -> Sequence[int]:
    """Passages with a word of this stem, else with one that begins with it; some of very many."""
    owner = (
        _owner("d", scope.document) if isinstance(scope, InDocument) else _owner("c", scope.chat)
    )
    found = await _found(connection, owner, stem, begins=False)
    if len(found) < ENOUGH and may_begin(stem):
        return await _found(connection, owner, stem, begins=True)
    return found


async def _found(
    connection: AsyncConnection, owner: str, stem: str, *, begins: bool
) -> Sequence[int]:
    if connection.dialect.name == "sqlite":
        wanted = f'"{owner}" AND "{stem}"{"*" * begins}'
        rows = await connection.execute(_IN_SQLITE, {"wanted": wanted})
    else:
        wanted = f"'{owner}' & '{stem}'{':*' * begins}"
        rows = await connection.execute(_IN_POSTGRES, {"wanted": wanted})
    return [int(one) for one in (rows.scalar() or "").split(",") if one]


def _owner(kind: str, number: int) -> str:
    return f"_{kind}{number}".replace("-", "_")
