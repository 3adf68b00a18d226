"""Updates: which were seen, and which could not be read at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.tables import dead_updates, updates

KEPT = 3 * 24 * 3600.0  # seconds; Telegram repeats nothing that is older than a day


@dataclass(frozen=True, slots=True)
class DeadUpdate:
    """An update that was passed over, as it came, and why."""

    update_id: int
    body: str
    reason: str
    at: float


_FORGET = delete(updates).where(updates.c.received_at < bindparam("before"))


class Updates:
    """What came from Telegram."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def bury(self, update_id: int, body: str, reason: str) -> None:
        """Keep an update that cannot be handled, for the operator; it never comes back."""
        dead = DeadUpdate(update_id, body, reason, self._clock())
        await self._database.write(_bury, dead, durable=True)

    async def prune(self) -> int:
        """Forget the ids of updates that are too old to come again."""
        return await self._database.write(_prune, self._clock() - KEPT)


async def _bury(connection: AsyncConnection, group: Sequence[DeadUpdate]) -> Sequence[None]:
    rows = [
        {"update_id": one.update_id, "body": one.body, "reason": one.reason, "at": one.at}
        for one in group
    ]
    await connection.execute(insert(dead_updates), rows)
    return [None] * len(group)


async def _prune(connection: AsyncConnection, group: Sequence[float]) -> Sequence[int]:
    return [(await connection.execute(_FORGET, {"before": before})).rowcount for before in group]
