"""Which processes live: each holds a lock that the system lets go when it dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self


class AlreadyHeldError(Exception):
    """Another live process holds the lock."""


@dataclass(slots=True)
class Lock:
    """A lock file that this process holds until it closes it or dies."""

    path: Path
    descriptor: int

    @classmethod
    def take(cls, path: Path) -> Self:
        """Take the lock; raises AlreadyHeldError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(descriptor)
                raise AlreadyHeldError(str(path)) from error
            if _is(path, descriptor):
                return cls(path, descriptor)
            os.close(descriptor)  # its last holder took the file away between our two steps

    def release(self) -> None:
        """Let go, and leave no file behind."""
        self.path.unlink(missing_ok=True)
        os.close(self.descriptor)


def held(path: Path) -> bool:
    """Whether a live process holds the lock."""
    if not path.exists():
        return False
    try:
        Lock.take(path).release()
    except AlreadyHeldError:
        return True
    return False


def _is(path: Path, descriptor: int) -> bool:
    """Whether the open file is still the one that the path names."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


@dataclass(frozen=True, slots=True)
class Workers:
    """The workers that share a data folder."""

    folder: Path

    def join(self, name: str) -> Lock:
        """Be one of them, and take away what the dead have left."""
        for path in self.folder.glob("*.lock"):
            held(path)
        return Lock.take(self._path(name))

    def dead(self, names: Iterable[str]) -> set[str]:
        """Those of `names` that no live process holds."""
        return {name for name in names if not held(self._path(name))}

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.lock"
