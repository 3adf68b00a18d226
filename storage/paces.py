"""How long each graph takes here, by what it took before; the newest runs weigh most."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, case, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.dialects import Upsert
from storage.reserving import check
from storage.tables import paces

STEADY = 7
"""From this run on each new one makes up a quarter of the average."""

# Before, the share of the n-th run is 2 / (n + 1): so each weighs more than the one before it.
_SHARE = case((paces.c.runs + 1 < STEADY, 2.0 / (paces.c.runs + 2.0)), else_=2.0 / (STEADY + 1))
_ADD = Upsert(
    paces,
    ("graph",),
    lambda new: {
        "seconds": paces.c.seconds + (new.seconds - paces.c.seconds) * _SHARE,
        "runs": paces.c.runs + 1,
    },
)
_OF = select(paces.c.seconds).where(paces.c.graph == bindparam("graph"))


class Paces:
    """The running average of each graph."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, graph: str, seconds: float) -> None:
        """Count one more run; raises ValueError for a time that nothing can take."""
        check(seconds)
        await self._database.write(_add, (graph, seconds))

    async def of(self, graph: str) -> float | None:
        """How long it takes; None if it never ran."""
        return await self._database.read(lambda c: _of(c, graph))


async def _add(connection: AsyncConnection, group: Sequence[tuple[str, float]]) -> Sequence[None]:
    rows = [{"graph": graph, "seconds": seconds, "runs": 1} for graph, seconds in group]
    await connection.execute(_ADD.on(connection), rows)
    return [None] * len(group)


async def _of(connection: AsyncConnection, graph: str) -> float | None:
    found: float | None = (await connection.execute(_OF, {"graph": graph})).scalar()
    return found
