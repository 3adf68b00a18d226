"""People: who they are, and in which language they are answered."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Person
from storage.database import Database
from storage.dialects import Upsert
from storage.tables import people

_LANGUAGE = func.coalesce(func.nullif(people.c.language, ""), people.c.client_language)
_GET = select(people.c.id, people.c.name, _LANGUAGE.label("language")).where(
    people.c.id == bindparam("person")
)
_CHOSEN = select(people.c.id, people.c.language).where(people.c.language != "")
_CHOOSE = Upsert(people, ("id",), lambda new: {"language": new.language})


class People:
    """Everybody who ever said something."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, person: int) -> Person | None:
        """Who this is; `language` is what they chose, else what their client reports."""
        return await self._database.read(lambda c: _get(c, person))

    async def language(self, person: int) -> str:
        """The language that they chose, else what their client reports, else nothing."""
        known = await self.get(person)
        return known.language if known else ""

    async def languages(self) -> dict[int, str]:
        """The languages that were chosen, by person."""
        return await self._database.read(_chosen)

    async def choose_language(self, person: int, language: str) -> None:
        """Remember the language that somebody wants; an empty one follows their client."""
        await self._database.write(_choose, (person, language))


async def _get(connection: AsyncConnection, person: int) -> Person | None:
    row = (await connection.execute(_GET, {"person": person})).first()
    return Person(row.id, row.name, row.language) if row else None


async def _chosen(connection: AsyncConnection) -> dict[int, str]:
    return {row.id: row.language for row in await connection.execute(_CHOSEN)}


async def _choose(connection: AsyncConnection, group: Sequence[tuple[int, str]]) -> Sequence[None]:
    rows = [{"id": person, "language": language} for person, language in group]
    await connection.execute(_CHOOSE.on(connection), rows)
    return [None] * len(group)
