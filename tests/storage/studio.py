"""People who want films made, and what their quota says of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.intake import NewJob
from storage.quotas import Amounts, Charge, Crowd
from storage.tables import ledger
from tests.storage.workshop import Talk

TODAY, TOMORROW = "2026-01-31", "2026-02-01"
FIVE = Amounts(per_day=5)
NOBODY_ELSE = Crowd()


def charge(seconds: float = 4.0, amounts: Amounts = FIVE, **fields: Any) -> Charge:
    """What a film costs."""
    return Charge(**{"skill": "video", "seconds": seconds, "day": TODAY, "amounts": amounts,
                     **fields})  # fmt: skip


def film(talk: Talk, cost: Charge | None = None, *, person: int = 1, **fields: Any) -> NewJob:
    """Somebody wants a film made, in a chat that others are in, too."""
    said = talk.says("a cat", chat=-5, person=person)
    return talk.job(said, **{"task": "film", "pool": "video", "charge": cost or charge(), **fields})


async def entries(database: Database) -> list[tuple[Any, ...]]:
    """What the ledger says of each job: its state, pieces, seconds and reason."""
    columns = (ledger.c.job, ledger.c.state, ledger.c.units, ledger.c.amount, ledger.c.reason)

    async def read(connection: AsyncConnection) -> list[tuple[Any, ...]]:
        found = await connection.execute(select(*columns).order_by(ledger.c.id))
        return [tuple(row) for row in found]

    return await database.read(read)
