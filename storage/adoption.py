"""What somebody was sending when they died is taken up by another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.deliveries import AGAIN, OPEN
from storage.outbox_rows import COLUMNS, Delivery, Row, row_of
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Adoption:
    """`sender` takes up what others were sending: those of `left`, or all of them."""

    sender: str
    left: Collection[str] | None


_THEIRS = outbox.c.sender.in_(bindparam("left", expanding=True))
_ADOPT = (
    update(outbox)
    .where(OPEN, outbox.c.state == Delivery.SENDING.value, outbox.c.message.is_(None))
    .values(sender=bindparam("by"))
    .returning(*COLUMNS)
)


async def adopt(connection: AsyncConnection, group: Sequence[Adoption]) -> Sequence[list[Row]]:
    """Let edits and deletions that were cut short wait again; hand over what is in doubt."""
    return [await _adopt(connection, one) for one in group]


async def _adopt(connection: AsyncConnection, one: Adoption) -> list[Row]:
    theirs = [] if one.left is None else [_THEIRS]
    values = {} if one.left is None else {"left": sorted(one.left)}
    await connection.execute(AGAIN.where(outbox.c.message.is_not(None), *theirs), values)
    found = await connection.execute(_ADOPT.where(*theirs), {**values, "by": one.sender})
    return sorted(map(row_of, found), key=lambda row: row.id)
