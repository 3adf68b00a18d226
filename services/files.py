"""Files on their way through: fetched into a room of the job's own, put on the shelf to be sent."""

from __future__ import annotations

import math
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.messages import Attachment
from services.words import Voice


class Fetcher(Protocol):
    """Brings what somebody sent; the program's other half fills it with Telegram."""

    async def fetch(self, attachment: Attachment, into: Path, voice: Voice) -> Path:
        """Write the file into this folder, piece by piece, and return where it is.

        Raises TooBig or Broken, in the person's words, where it cannot be had, and
        BackendUnavailable where it may be had later.
        """


@dataclass(frozen=True, slots=True)
class Workrooms:
    """Folders for files that a job works on; `folder` holds those of one process."""

    folder: Path

    @contextmanager
    def open(self, name: str) -> Iterator[Path]:
        """An empty folder while the block runs; nothing of it stays."""
        room = self.folder / name
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir(parents=True)
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Files that wait to be sent; a `ref` is a file's name here, good for every process."""

    folder: Path

    def put(self, file: Path, ending: str) -> str:
        """Move a file here, and return its `ref`; `ending` is as `.ogg`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        ref = f"{secrets.token_hex(16)}{ending}"
        file.replace(self.folder / ref)
        return ref

    def path(self, ref: str) -> Path:
        """Where a file is; raises ValueError where `ref` is no name of ours."""
        if not ref or ref != Path(ref).name or ref.startswith("."):
            raise ValueError("a file's name must not be a path")
        return self.folder / ref

    def older(self, before: float) -> set[str]:
        """The names of the files that were put here before a time."""
        return {one.name for one in self.folder.glob("[!.]*") if _touched(one) < before}

    def forget(self, refs: Collection[str]) -> None:
        """Take these files away; those that are gone already are no trouble."""
        for ref in refs:
            self.path(ref).unlink(missing_ok=True)


def _touched(file: Path) -> float:
    """When it was written; a file that somebody else has just taken away is as new as can be."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return math.inf
