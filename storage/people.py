"""People: who they are, and how they want to be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Person
from storage.database import Database
from storage.dialects import Upsert
from storage.tables import people


@dataclass(frozen=True, slots=True)
class VoiceTaste:
    """When somebody wants to hear answers, and how; what is empty, or 0, they did not choose.

    `name` is a voice as its synthesizer calls it; `speed` is 1 as it comes and 2 twice as fast.
    `spoken` is the code of the language that they speak themselves.
    """

    mode: str = ""
    name: str = ""
    speed: float = 0.0
    spoken: str = ""


_LANGUAGE = func.coalesce(func.nullif(people.c.language, ""), people.c.client_language)
_GET = select(people.c.id, people.c.name, _LANGUAGE.label("language")).where(
    people.c.id == bindparam("person")
)
_CHOSEN = select(people.c.id, people.c.language).where(people.c.language != "")
_CHOOSE = Upsert(people, ("id",), lambda new: {"language": new.language})
_VOICE = ("voice_mode", "voice_name", "voice_speed", "spoken")
_VOICES = select(people.c.id, *(people.c[name] for name in _VOICE)).where(
    or_(
        people.c.voice_mode != "",
        people.c.voice_name != "",
        people.c.voice_speed != 0,
        people.c.spoken != "",
    )
)
_CHOOSE_VOICE = Upsert(people, ("id",), lambda new: {name: new[name] for name in _VOICE})


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

    async def voices(self) -> dict[int, VoiceTaste]:
        """What was chosen about voices, by person."""
        return await self._database.read(_voices)

    async def choose_voice(self, person: int, taste: VoiceTaste) -> None:
        """Remember how somebody wants to hear answers; what is empty follows the owner."""
        await self._database.write(_choose_voice, (person, taste))


async def _get(connection: AsyncConnection, person: int) -> Person | None:
    row = (await connection.execute(_GET, {"person": person})).first()
    return Person(row.id, row.name, row.language) if row else None


async def _chosen(connection: AsyncConnection) -> dict[int, str]:
    return {row.id: row.language for row in await connection.execute(_CHOSEN)}


async def _choose(connection: AsyncConnection, group: Sequence[tuple[int, str]]) -> Sequence[None]:
    rows = [{"id": person, "language": language} for person, language in group]
    await connection.execute(_CHOOSE.on(connection), rows)
    return [None] * len(group)


async def _voices(connection: AsyncConnection) -> dict[int, VoiceTaste]:
    return {
        row.id: VoiceTaste(row.voice_mode, row.voice_name, row.voice_speed, row.spoken)
        for row in await connection.execute(_VOICES)
    }


async def _choose_voice(
    connection: AsyncConnection, group: Sequence[tuple[int, VoiceTaste]]
) -> Sequence[None]:
    rows = [
        {
            "id": who,
            "voice_mode": one.mode,
            "voice_name": one.name,
            "voice_speed": one.speed,
            "spoken": one.spoken,
        }
        for who, one in group
    ]
    await connection.execute(_CHOOSE_VOICE.on(connection), rows)
    return [None] * len(group)
