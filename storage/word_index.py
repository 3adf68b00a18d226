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

_IN_SQLITE = text(
    f"SELECT rowid FROM {WORD_INDEX} WHERE {WORD_INDEX} MATCH :wanted LIMIT {ENOUGH}"  # noqa: S608  # our own
)
# Planned as if all were wanted: to stop early, PostgreSQL would read the table without its index.
_IN_POSTGRES = text(
    "WITH found AS MATERIALIZED "  # noqa: S608  # our own
    f"(SELECT id FROM passages WHERE {LEXEMES} @@ CAST(:wanted AS tsquery)) "
    f"SELECT id FROM found LIMIT {ENOUGH}"
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
    return rows.scalars().all()


def _owner(kind: str, number: int) -> str:
    return f"_{kind}{number}".replace("-", "_")
