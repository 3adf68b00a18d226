"""What can be asked of the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import (
    BindParameter,
    Integer,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.deliveries import OPEN
from storage.outbox_rows import COLUMNS, Delivery, Row, row_of
from storage.tables import chats, due, heard, jobs, outbox

# Below this, each chat counts its messages by itself; all other chats share one count.
FIRST_SUPERGROUP = -1_000_000_000_000

_earlier = outbox.alias("earlier")
_file = outbox.alias("file")
_NOW: BindParameter[float] = bindparam("now")
_WAITING = (
    select(*COLUMNS)
    .where(
        OPEN,
        outbox.c.state == Delivery.WAITING.value,
        due(outbox, _NOW),
        not_(
            exists().where(
                _earlier.c.chat == outbox.c.chat,
                _earlier.c.id < outbox.c.id,
                _earlier.c.state == Delivery.WAITING.value,
                not_(due(_earlier, _NOW)),
            )
        ),
        # what takes the place of something is there before that goes
        or_(
            outbox.c.body.is_not(None),
            not_(
                exists().where(
                    _file.c.answer == outbox.c.answer,
                    _file.c.part < 0,
                    _file.c.body.is_not(None),
                    _file.c.message.is_(None),
                    text("file.state IN ('waiting', 'sending')"),
                )
            ),
        ),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most", type_=Integer))
)
_NEXT_DUE = select(func.min(outbox.c.not_before)).where(
    OPEN, outbox.c.state == Delivery.WAITING.value, not_(due(outbox, _NOW))
)
_DOUBTFUL = (
    select(*COLUMNS)
    .where(OPEN, outbox.c.state == Delivery.SENDING.value, outbox.c.message.is_(None))
    .order_by(outbox.c.id)
)
_SENDERS = select(outbox.c.sender).where(OPEN, outbox.c.state == Delivery.SENDING.value).distinct()
_MESSAGES = (
    select(outbox.c.message)
    .where(outbox.c.answer == bindparam("answer"), outbox.c.message.is_not(None))
    .order_by(outbox.c.part)
)
_ANSWER = (
    select(outbox.c.answer)
    .where(outbox.c.chat == bindparam("chat"), outbox.c.message == bindparam("message"))
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_FILED = select(outbox.c.body).where(OPEN, outbox.c.part < 0, outbox.c.body.is_not(None))
_RECORDED = union(
    *(
        select(table.c.message).where(
            table.c.chat == bindparam("chat"), table.c.message > bindparam("above")
        )
        for table in (outbox, jobs, heard)
    )
)
_SHARED = select(func.max(chats.c.newest_message)).where(chats.c.id > FIRST_SUPERGROUP)
_OWN = select(chats.c.id, chats.c.newest_message).where(
    chats.c.id.in_(bindparam("ids", expanding=True))
)


async def waiting(connection: AsyncConnection, now: float, limit: int) -> list[Row]:
    """The rows that may be sent now, oldest first."""
    found = await connection.execute(_WAITING, {"now": now, "most": limit})
    return [row_of(row) for row in found]


async def next_due(connection: AsyncConnection, now: float) -> float | None:
    """When the next held row may be sent."""
    found: float | None = (await connection.execute(_NEXT_DUE, {"now": now})).scalar()
    return found


async def doubtful(connection: AsyncConnection) -> list[Row]:
    """The rows that were being sent and have no message."""
    return [row_of(row) for row in await connection.execute(_DOUBTFUL)]


async def senders(connection: AsyncConnection) -> set[str]:
    """Everybody who is said to be sending something."""
    return set((await connection.execute(_SENDERS)).scalars())


async def messages_of(connection: AsyncConnection, answer: int) -> list[int]:
    """The message ids of an answer."""
    found = (await connection.execute(_MESSAGES, {"answer": answer})).scalars()
    return [message for message in found if message is not None]


async def answer_of(connection: AsyncConnection, chat: int, message: int) -> int | None:
    """The answer that a message is a part of."""
    return (await connection.execute(_ANSWER, {"chat": chat, "message": message})).scalar()


async def naming(connection: AsyncConnection, refs: Collection[str]) -> set[str]:
    """The files' names that stand in a body which has still to be sent."""
    bodies = (await connection.execute(_FILED)).scalars().all()
    return {ref for ref in refs if any(ref in body for body in bodies)}


async def recorded(connection: AsyncConnection, chat: int, above: int) -> set[int]:
    """The message ids that are known in a chat."""
    return set((await connection.execute(_RECORDED, {"chat": chat, "above": above})).scalars())


async def newest(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, int]:
    """The highest message id known for each chat, in the sequence that it counts in."""
    own = {row.id: row.newest_message for row in await connection.execute(_OWN, {"ids": ids})}
    shared = (await connection.execute(_SHARED)).scalar() or 0
    return {chat: shared if chat > FIRST_SUPERGROUP else own.get(chat, 0) for chat in ids}
