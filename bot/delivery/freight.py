"""The files that messages carry: found on the shelf, or known to be beyond help."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from domain.messages import Attachment
from services.files import Shelf

SLOWEST = 50_000.0
"""Bytes a second; who uploads more slowly will not get there."""


class UnsendableError(Exception):
    """This file will never go; the text says why."""


@dataclass(frozen=True, slots=True)
class Load:
    """A file that is there, or none; `seconds` is how long it may take to upload."""

    path: Path | None
    seconds: float


NOTHING_LOADED = Load(None, 0.0)


@dataclass(frozen=True, slots=True)
class Freight:
    """Looks after files that go out; Telegram takes `most` bytes of one."""

    shelf: Shelf
    most: int

    def find(self, file: Attachment) -> Load:
        """The file where it lies; raises UnsendableError."""
        try:
            path = self.shelf.path(file.ref)
            size = path.stat().st_size
        except (OSError, ValueError) as error:
            raise UnsendableError(f"no file on the shelf: {type(error).__name__}") from error
        if not 0 < size <= self.most:
            raise UnsendableError(f"a file of {size} bytes, and 1 to {self.most} can be sent")
        return Load(path, size / SLOWEST)
