"""What happens to rows of the outbox on their way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.acquaintance import note_messages
from storage.outbox_rows import COLUMNS, Delivery, Row, row_of
from storage.tables import outbox

# Spelled out, not bound: only so does SQLite see that its partial index fits.
OPEN = text("outbox.state IN ('waiting', 'sending')")


@dataclass(frozen=True, slots=True)
class Marks:
    """Rows that `sender` wants to send, each with the highest message id known there."""

    after: Mapping[int, int]
    sender: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A version of a row has arrived as this message."""

    row: int
    version: int
    message: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A row has not arrived; without `attempts` their number stays."""

    row: int
    state: Delivery
    error: str
    not_before: float
    attempts: int | None
    now: float


_ROWS = select(*COLUMNS).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_MARK = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state=Delivery.SENDING.value, after=bindparam("above"), sender=bindparam("by"))
)
_ARRIVED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        message=bindparam("arrived"),
        state=bindparam("stage"),
        sent_at=bindparam("now"),
        error="",
    )
)
_FAILED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), OPEN)
    .values(
        state=bindparam("stage"),
        error=bindparam("why"),
        not_before=bindparam("until"),
        held_at=bindparam("now"),
        sent_at=bindparam("ended"),
        attempts=func.coalesce(bindparam("tries"), outbox.c.attempts),
    )
)
AGAIN = (
    update(outbox)
    .where(OPEN, outbox.c.state == Delivery.SENDING.value)
    .values(state=Delivery.WAITING.value)
)
_REMOVE = delete(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_PRUNE = delete(outbox).where(
    outbox.c.sent_at < bindparam("before"),
    outbox.c.state.in_([Delivery.SENT.value, Delivery.DEAD.value]),
)


async def mark_sending(connection: AsyncConnection, group: Sequence[Marks]) -> Sequence[list[Row]]:
    """Mark what still waits; each row for the first that asks."""
    ids = sorted({row for one in group for row in one.after})
    found = [row_of(row) for row in await connection.execute(_ROWS, {"ids": ids})]
    free = {row.id: row for row in found if row.state is Delivery.WAITING}
    marked: list[list[Row]] = []
    for one in group:
        taken = [(free.pop(row), after) for row, after in sorted(one.after.items()) if row in free]
        marked.append([_marked(row, after, one.sender) for row, after in taken])
    rows = [{"row": row.id, "above": row.after, "by": row.sender} for one in marked for row in one]
    if rows:
        await connection.execute(_MARK, rows)
    return marked


def _marked(row: Row, after: int, sender: str) -> Row:
    return replace(row, state=Delivery.SENDING, after=after, sender=sender)


async def sent(
    connection: AsyncConnection, group: Sequence[tuple[Sequence[Sent], float]]
) -> Sequence[None]:
    """Write down what has arrived, and what has changed meanwhile."""
    now_of = {item: now for items, now in group for item in items}
    ids = sorted({item.row for item in now_of})
    found = {row.id: row for row in map(row_of, await connection.execute(_ROWS, {"ids": ids}))}
    arrived = [(item, found[item.row], now) for item, now in now_of.items() if item.row in found]
    gone = [row.id for item, row, _ in arrived if _deleted(item, row)]
    stay = [_arrived(item, row, now) for item, row, now in arrived if row.id not in gone]
    if gone:
        await connection.execute(_REMOVE, {"ids": gone})
    if stay:
        await connection.execute(_ARRIVED, stay)
        newest: dict[int, int] = {}
        for item, row, _ in arrived:
            newest[row.chat] = max(newest.get(row.chat, 0), item.message)
        await note_messages(connection, newest)
    return [None] * len(group)


def _deleted(item: Sent, row: Row) -> bool:
    return row.body is None and row.version == item.version


def _arrived(item: Sent, row: Row, now: float) -> dict[str, Any]:
    done = row.version == item.version
    return {
        "row": row.id,
        "arrived": item.message,
        "stage": (Delivery.SENT if done else Delivery.WAITING).value,
        "now": now,
    }


async def failed(connection: AsyncConnection, group: Sequence[Failure]) -> Sequence[None]:
    """Hold or give up rows that did not arrive."""
    rows = [
        {
            "row": one.row,
            "stage": one.state.value,
            "why": one.error,
            "until": one.not_before,
            "now": one.now,
            "ended": one.now if one.state is Delivery.DEAD else None,
            "tries": one.attempts,
        }
        for one in group
    ]
    await connection.execute(_FAILED, rows)
    return [None] * len(group)


async def to_waiting(
    connection: AsyncConnection, group: Sequence[Collection[int]]
) -> Sequence[int]:
    """Let each group's rows that were being sent wait again."""
    chosen = AGAIN.where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    return [(await connection.execute(chosen, {"ids": tuple(ids)})).rowcount for ids in group]


async def prune(connection: AsyncConnection, group: Sequence[float]) -> Sequence[int]:
    """Forget what was done with before each time."""
    return [(await connection.execute(_PRUNE, {"before": time})).rowcount for time in group]
