"""Whoever says something is known from then on: the person, the chat and the lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, false
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Incoming
from storage.dialects import Upsert
from storage.tables import chats, lanes, people


def _later(new: Any) -> ColumnElement[int]:
    known = chats.c.newest_message
    return case((new.newest_message > known, new.newest_message), else_=known)


_LANES = Upsert(lanes)
_PEOPLE = Upsert(
    people,
    ("id",),
    lambda new: {
        "name": new.name,
        "client_language": new.client_language,
        "seen_at": new.seen_at,
    },
)
_SEEN = Upsert(
    chats,
    ("id",),
    lambda new: {"newest_message": _later(new)},
)
_HEARD = Upsert(
    chats,
    ("id",),
    lambda new: {
        "newest_message": _later(new),
        "blocked": false(),
    },
)


async def remember(
    connection: AsyncConnection,
    said: Sequence[tuple[Incoming, float]],
    chat_of: Mapping[str, int],
) -> None:
    """Know everybody who said something, when, where, and in which lanes."""
    if not said:
        return
    await connection.execute(_PEOPLE.on(connection), _people(said))
    newest = [{"id": chat, "newest_message": message} for chat, message in _newest(said).items()]
    await connection.execute(_HEARD.on(connection), newest)
    rows = [{"lane": lane, "chat": chat} for lane, chat in chat_of.items()]
    await connection.execute(_LANES.on(connection), rows)


async def note_messages(connection: AsyncConnection, newest: Mapping[int, int]) -> None:
    """Know the newest message of each chat."""
    rows = [{"id": chat, "newest_message": message} for chat, message in newest.items()]
    await connection.execute(_SEEN.on(connection), rows)


def _newest(said: Sequence[tuple[Incoming, float]]) -> dict[int, int]:
    newest: dict[int, int] = {}
    for incoming, _ in said:
        chat = incoming.place.chat
        newest[chat] = max(newest.get(chat, 0), incoming.message)
    return newest


def _people(said: Sequence[tuple[Incoming, float]]) -> list[dict[str, object]]:
    rows = {
        incoming.person.id: {
            "id": incoming.person.id,
            "name": incoming.person.name,
            "client_language": incoming.person.language,
            "seen_at": now,
        }
        for incoming, now in said
    }
    return list(rows.values())
