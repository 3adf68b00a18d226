"""Finds a file to begin from: one that was sent to us, or one of our own that lies on the shelf."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Broken
from domain.messages import Attachment
from services.drawing.works import OURS
from services.files import Fetcher, Shelf
from services.words import Voice


@dataclass(frozen=True, slots=True)
class Finds:
    """Brings a file into a room, wherever it is."""

    fetcher: Fetcher
    shelf: Shelf

    async def bring(self, file: Attachment, room: Path, voice: Voice) -> Path:
        """A copy of the file in the room; raises as a Fetcher does."""
        if not file.ref.startswith(OURS):
            return await self.fetcher.fetch(file, room, voice)
        ref = file.ref.removeprefix(OURS)
        try:
            return Path(await asyncio.to_thread(shutil.copy, self.shelf.path(ref), room / ref))
        except (OSError, ValueError):
            raise Broken(voice("This file is not kept any more. Please make it anew.")) from None
