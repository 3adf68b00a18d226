"""Whoever says something is known from then on: the person, the chat and the lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, false
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Incoming
from storage.dialects import insert_into
from storage.tables import chats, lanes, people


async def remember(
    connection: AsyncConnection,
    said: Sequence[tuple[Incoming, float]],
    chat_of: Mapping[str, int],
) -> None:
    """Know everybody who said something, when, where, and in which lanes."""
    if said:
        await _remember_people(connection, said)
        await note_messages(connection, _newest(said), heard_from=True)
        rows = [{"lane": lane, "chat": chat} for lane, chat in chat_of.items()]
        await connection.execute(insert_into(connection, lanes).on_conflict_do_nothing(), rows)


async def note_messages(
    connection: AsyncConnection, newest: Mapping[int, int], *, heard_from: bool = False
) -> None:
    """Know the newest message of each chat; who writes to us has not blocked us."""
    statement = insert_into(connection, chats)
    known, said = chats.c.newest_message, statement.excluded.newest_message
    changes: dict[str, ColumnElement[Any]] = {
        "newest_message": case((said > known, said), else_=known)
    }
    if heard_from:
        changes["blocked"] = false()
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=changes),
        [{"id": chat, "newest_message": message} for chat, message in newest.items()],
    )


def _newest(said: Sequence[tuple[Incoming, float]]) -> dict[int, int]:
    newest: dict[int, int] = {}
    for incoming, _ in said:
        chat = incoming.place.chat
        newest[chat] = max(newest.get(chat, 0), incoming.message)
    return newest


async def _remember_people(
    connection: AsyncConnection, said: Sequence[tuple[Incoming, float]]
) -> None:
    rows = {
        incoming.person.id: {
            "id": incoming.person.id,
            "name": incoming.person.name,
            "client_language": incoming.person.language,
            "seen_at": now,
        }
        for incoming, now in said
    }
    statement = insert_into(connection, people)
    changes = {name: statement.excluded[name] for name in ("name", "client_language", "seen_at")}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=changes), list(rows.values())
    )
