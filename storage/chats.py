"""Chats: who reads there, how far messages have come, and whether speech is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.acquaintance import note_messages
from storage.database import Database
from storage.dialects import Upsert
from storage.tables import chats

_BLOCKED = select(chats.c.blocked).where(chats.c.id == bindparam("chat"))
_NEWEST = select(chats.c.newest_message).where(chats.c.id == bindparam("chat"))
_MARK = Upsert(chats, ("id",), lambda new: {"blocked": new.blocked})
_TRANSCRIBING = select(chats.c.id).where(chats.c.transcribe == true())
_CHOOSE = Upsert(chats, ("id",), lambda new: {"transcribe": new.transcribe})


class Chats:
    """Everywhere the bot was ever spoken to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def blocked(self, chat: int) -> bool:
        """Whether the bot was shut out there; it is over when somebody writes to it again."""
        return await self._database.read(lambda c: _blocked(c, chat))

    async def mark_blocked(self, chat: int, blocked: bool = True) -> None:
        """Remember that the bot was shut out, or let in again."""
        await self._database.write(_mark, (chat, blocked))

    async def transcribing(self) -> set[int]:
        """The chats whose speech is written down without being asked for."""
        return await self._database.read(_transcribing)

    async def choose_transcribing(self, chat: int, wanted: bool) -> None:
        """Remember whether a chat wants its speech written down."""
        await self._database.write(_choose, (chat, wanted))

    async def newest_message(self, chat: int) -> int:
        """The highest message id known in a chat, 0 if none is."""
        return await self._database.read(lambda c: _newest(c, chat))

    async def note_messages(self, newest: Mapping[int, int]) -> None:
        """Remember the newest message ids of chats; lower ones change nothing."""
        if newest:
            await self._database.write(_note, dict(newest))


async def _blocked(connection: AsyncConnection, chat: int) -> bool:
    return bool((await connection.execute(_BLOCKED, {"chat": chat})).scalar())


async def _newest(connection: AsyncConnection, chat: int) -> int:
    return (await connection.execute(_NEWEST, {"chat": chat})).scalar() or 0


async def _mark(connection: AsyncConnection, group: Sequence[tuple[int, bool]]) -> Sequence[None]:
    rows = [{"id": chat, "blocked": blocked} for chat, blocked in group]
    await connection.execute(_MARK.on(connection), rows)
    return [None] * len(group)


async def _transcribing(connection: AsyncConnection) -> set[int]:
    return set((await connection.execute(_TRANSCRIBING)).scalars())


async def _choose(connection: AsyncConnection, group: Sequence[tuple[int, bool]]) -> Sequence[None]:
    rows = [{"id": chat, "transcribe": wanted} for chat, wanted in group]
    await connection.execute(_CHOOSE.on(connection), rows)
    return [None] * len(group)


async def _note(connection: AsyncConnection, group: Sequence[Mapping[int, int]]) -> Sequence[None]:
    for newest in group:
        await note_messages(connection, newest)
    return [None] * len(group)
