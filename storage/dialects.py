"""The one statement that both databases know and SQLAlchemy spells twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

    Insert = sqlite.Insert | postgresql.Insert

Changes = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Upsert:
    """Insert rows, and change those that are there already, or let them be.

    `changes` gets the row that was to be inserted and says what it changes in the one that is
    there. The statement is built once for each database: building costs more than running.
    """

    table: Table
    keys: tuple[str, ...] = ()
    changes: Changes | None = None
    _built: dict[str, Insert] = field(default_factory=dict, init=False)

    def on(self, connection: AsyncConnection) -> Insert:
        """The statement for the connection's database."""
        name = connection.dialect.name
        if name not in self._built:
            self._built[name] = self._build(name)
        return self._built[name]

    def _build(self, name: str) -> Insert:
        statement = _insert(name, self.table)
        if self.changes is None:
            statement = statement.on_conflict_do_nothing()
        else:
            changed = self.changes(statement.excluded)
            statement = statement.on_conflict_do_update(index_elements=self.keys, set_=changed)
        return statement


def _insert(name: str, table: Table) -> Insert:
    if name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # only for those who use it

    return postgresql.insert(table)
