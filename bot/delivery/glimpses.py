"""What an unfinished picture looks like: shown now and then, while Telegram takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiogram.types import BufferedInputFile, InputFile

from bot.delivery.frames import Seen
from domain.answers import Progress

EVERY_SECONDS = 8.0
LARGEST = 1 << 20
"""Bytes; more would be no glimpse."""

_Mark = tuple[str, int]
"""A file and when it was written: the same file may be written again."""


@dataclass(slots=True)
class Glimpses:
    """Chooses which of the pictures are shown."""

    clock: Callable[[], float]
    _at: float = float("-inf")
    _last: _Mark = ("", 0)
    _refused: bool = False

    def refuse(self) -> None:
        """Show no more of them: Telegram does not take them here."""
        self._refused = True

    async def next(self, seen: Seen | None) -> InputFile | None:
        """The picture that is to be shown now, if there is a new one and it is time."""
        path = seen.glimpse if isinstance(seen, Progress) else ""
        if not path or self._refused or self.clock() < self._at + EVERY_SECONDS:
            return None
        found = await asyncio.to_thread(_read, Path(path), self._last)
        if found is None:
            return None
        self._last, content = found
        self._at = self.clock()
        return BufferedInputFile(content, "glimpse" + Path(path).suffix)


def _read(path: Path, last: _Mark) -> tuple[_Mark, bytes] | None:
    """The picture, unless it was shown already, or is gone by now."""
    try:
        about = path.stat()
        mark = (str(path), about.st_mtime_ns)
        if mark == last or not 0 < about.st_size <= LARGEST:
            return None
        return mark, path.read_bytes()
    except OSError:
        return None
