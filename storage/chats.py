"""Chats: whether anybody reads there, and how far its messages have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.acquaintance import note_messages
from storage.database import Database
from storage.dialects import Upsert
from storage.tables import chats

_BLOCKED = select(chats.c.blocked).where(chats.c.id == bindparam("chat"))
_NEWEST = select(chats.c.newest_message).where(chats.c.id == bindparam("chat"))
_MARK = Upsert(chats, ("id",), lambda new: {"blocked": new.blocked})


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


async def _note(connection: AsyncConnection, group: Sequence[Mapping[int, int]]) -> Sequence[None]:
    for newest in group:
        await note_messages(connection, newest)
    return [None] * len(group)
