"""What the schedule does for the house: old files, what the dead left behind, the ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from services.schedule import Errand
from services.tidying import Tidying
from storage.ledger import Ledger
from storage.quotas import Quotas

REGULAR: Mapping[str, str] = MappingProxyType(
    {"files": "7 * * * *", "workers": "*/10 * * * *", "ledger": "20 3 2 * *"}
)
"""When each is done, as cron writes it, by the clock of Greenwich; the ledger once a month."""


SHOWN = timedelta(days=33)
"""The days that /quota draws, and some more: it is not the same day everywhere."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """`recover` puts back in line what dead workers worked on."""

    tidying: Tidying
    ledger: Ledger
    quotas: Quotas
    recover: Callable[[], Awaitable[None]]
    clock: Callable[[], float]

    def errands(self) -> dict[str, Errand]:
        """Each by the name under which the schedule keeps it."""
        return {"files": self.files, "workers": self.workers, "ledger": self.close_month}

    async def files(self) -> None:
        """Take away files that are older than the owner keeps them."""
        await self.tidying.sweep_shelf(self.clock())

    async def workers(self) -> None:
        """Look for work of the dead, and give back what was reserved for nobody any more."""
        await self.recover()
        await self.ledger.release()

    async def close_month(self) -> None:
        """Make sums of the months that nobody asks about day by day any more."""
        shown = datetime.fromtimestamp(self.clock(), UTC).date() - SHOWN
        await self.quotas.roll_up(shown.isoformat())
        await self.tidying.sweep_ledger(self.clock())
