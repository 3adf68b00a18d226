"""What nobody needs any more: rooms of dead processes, files long sent, old entries of use."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from services.files import Shelf
from storage.documents import Documents
from storage.ledger import Ledger
from storage.outbox import Outbox

log = logging.getLogger(__name__)

YOUNG_SECONDS = 3600.0
"""A file this young may belong to an answer that is not written down yet."""

LEDGER_SECONDS = 400 * 24 * 3600.0
"""So long it can be told what somebody has used."""

DOCUMENT_SECONDS = 90 * 24 * 3600.0
"""So long a document can be asked about."""


@dataclass(frozen=True, slots=True)
class Tidying:
    """Takes away what is left in `rooms`, a folder a process, and what is old on the shelf."""

    rooms: Path
    shelf: Shelf
    outbox: Outbox
    ledger: Ledger
    documents: Documents
    kept_seconds: float

    async def sweep_rooms(self, dead: Callable[[Iterable[str]], set[str]]) -> None:
        """Take away the rooms of the dead, with all that they were working on."""
        left = await asyncio.to_thread(self._left)
        for name in sorted(dead(left)) if left else ():
            await asyncio.to_thread(shutil.rmtree, self.rooms / name, ignore_errors=True)
            log.info("A dead process left its rooms", extra={"action": "sweep"})

    async def sweep_shelf(self, now: float) -> None:
        """Take away what is old enough, but nothing that still has to be sent."""
        before = now - max(self.kept_seconds, YOUNG_SECONDS)
        old = await asyncio.to_thread(self.shelf.older, before)
        if old:
            wanted = await self.outbox.naming(old)
            await asyncio.to_thread(self.shelf.forget, old - wanted)

    async def sweep_ledger(self, now: float) -> None:
        """Forget what was used more than a year ago."""
        await self.ledger.prune(now - LEDGER_SECONDS)

    async def sweep_documents(self, now: float) -> None:
        """Forget what documents said that were sent long ago."""
        await self.documents.prune(now - DOCUMENT_SECONDS)

    def _left(self) -> set[str]:
        return {one.name for one in self.rooms.glob("*")}
