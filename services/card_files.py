"""The files by which the processes of one machine take turns at a graphics card.

A lock is the system's: it lets go when its holder dies, however it dies. One file is the card,
held by many who share it or by one who does not; two more are held by those who wait.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from services.turns import Side

log = logging.getLogger(__name__)

_MODES = {Side.LIGHT: fcntl.LOCK_SH, Side.HEAVY: fcntl.LOCK_EX}
_TURN, _MEMORY = 0, 1  # where in the card's file it stands who had the last turn, and the memory
_NOBODY = "-"


@dataclass(slots=True)
class CardFiles:
    """One process's hold on the files of one card; nothing is opened before it is needed.

    Where they cannot be opened the card is taken to be free: a full disk must stop nobody.
    """

    folder: Path
    name: str
    _open: dict[str, int] = field(default_factory=dict)
    _marked: set[Side] = field(default_factory=set)

    def take(self, side: Side) -> bool:
        """Take the card if nobody of the other side has it."""
        return self._lock("card", _MODES[side])

    def give(self) -> None:
        """Let go of it."""
        self._unlock("card")

    def wait(self, side: Side) -> None:
        """Let the others see that somebody of this side waits here."""
        if side in self._marked:
            return
        if self._lock(side.name, fcntl.LOCK_EX):  # nobody else does, so the waiting begins now
            self.restamp(side)
        if self._lock(side.name, fcntl.LOCK_SH):
            self._marked.add(side)

    def leave(self, side: Side) -> None:
        """Nobody waits here any more."""
        if side in self._marked:
            self._marked.discard(side)
            self._unlock(side.name)

    def waits(self, side: Side) -> bool:
        """Whether somebody of this side waits, here or in another process."""
        if side in self._marked:
            return True
        if not self._lock(side.name, fcntl.LOCK_EX):
            return True
        self._unlock(side.name)
        return False

    def waited(self, side: Side) -> float:
        """For how many seconds somebody of this side has been waiting since its last turn."""
        descriptor = self._descriptor(side.name)
        return 0.0 if descriptor is None else time.time() - os.fstat(descriptor).st_mtime

    def restamp(self, side: Side) -> None:
        """Who waits on this side waits from now on."""
        descriptor = self._descriptor(side.name)
        if descriptor is not None:
            with suppress(OSError):
                os.utime(descriptor)

    @property
    def turn(self) -> Side | None:
        """Who had the last turn."""
        return self._read(_TURN)

    @turn.setter
    def turn(self, side: Side) -> None:
        self._write(_TURN, side)

    @property
    def memory(self) -> Side | None:
        """Whose models are in the card's memory, as far as is known."""
        return self._read(_MEMORY)

    @memory.setter
    def memory(self, side: Side | None) -> None:
        self._write(_MEMORY, side or _NOBODY)

    def close(self) -> None:
        """Let go of everything."""
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()
        self._marked.clear()

    def _lock(self, what: str, mode: int) -> bool:
        descriptor = self._descriptor(what)
        if descriptor is None:
            return True
        try:
            fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(self, what: str) -> None:
        descriptor = self._descriptor(what)
        if descriptor is not None:
            fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _descriptor(self, what: str) -> int | None:
        if what not in self._open:
            path = self.folder / f"{quote(self.name, safe='')}.{what.lower()}"
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._open[what] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                log.warning("No turns: %s", error.strerror, extra={"action": "card"})
                return None
        return self._open[what]

    def _read(self, where: int) -> Side | None:
        descriptor = self._descriptor("card")
        found = os.pread(descriptor, 1, where) if descriptor is not None else b""
        return next((side for side in Side if side.encode() == found), None)

    def _write(self, where: int, what: str) -> None:
        descriptor = self._descriptor("card")
        if descriptor is not None:
            with suppress(OSError):
                os.pwrite(descriptor, what.encode(), where)
