"""Looks after a prompt: the server's history is the truth, whatever was heard or not heard."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from domain.errors import BackendUnavailable
from services.comfy.server import Comfy
from services.comfy.watch import Watch

_SOON = 0.02  # seconds; a server says that it is over just before its history does


class Fate(Enum):
    """What became of a prompt; OPEN is nothing yet, LOST that the server does not know it."""

    OPEN = "open"
    MADE = "made"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    LOST = "lost"


@dataclass(slots=True)
class Lookout:
    """Waits for news, and looks every `poll` seconds, `at_once` for the first time if wanted.

    A server may be away for `grace` seconds, as one is that starts again.
    """

    comfy: Comfy
    watch: Watch
    poll: float
    grace: float
    at_once: bool = False
    entry: Mapping[str, Any] = field(default_factory=dict, init=False, repr=False)
    told: Mapping[str, Any] = field(default_factory=dict, init=False, repr=False)
    _due: float = field(default=0.0, init=False)
    _away: float | None = field(default=None, init=False)
    _hurries: bool = field(default=False, init=False)
    _soon: float = field(default=_SOON, init=False)

    def __post_init__(self) -> None:
        self._due = self.now() + (0.0 if self.at_once else self.poll)

    @staticmethod
    def now() -> float:
        """The seconds of a clock that is never set."""
        return asyncio.get_running_loop().time()

    async def wait(self, limit: float) -> None:
        """Wait until something has changed, it is time to look, or the limit has come."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(min(self._due, limit)):
                await self.watch.changed.wait()
        self.watch.changed.clear()
        if self.watch.over and not self._hurries:
            self._hurries, self._due = True, self.now()

    async def look(self) -> Fate:
        """Ask what became of it, where it is time to."""
        if self.now() < self._due:
            return Fate.OPEN
        self._due = self.now() + (min(self._soon, self.poll) if self._hurries else self.poll)
        self._soon *= 2 if self._hurries else 1
        try:
            fate = await self._found()
        except BackendUnavailable:
            self._away = self._away or self.now()
            if self.now() - self._away > self.grace:
                raise
            return Fate.OPEN
        self._away = None
        return fate

    async def _found(self) -> Fate:
        prompt_id = self.watch.prompt_id
        if (entry := await self.comfy.history(prompt_id)) is not None:
            return self._ended(entry)
        queue = await self.comfy.queue()
        if prompt_id in queue.running:
            self.watch.graph = self.watch.graph or queue.running[prompt_id]
            self.watch.begun()
            return Fate.OPEN
        if prompt_id in queue.pending:
            self.watch.graph = self.watch.graph or queue.pending[prompt_id]
            return Fate.OPEN
        # it may just have gone from the one to the other
        entry = await self.comfy.history(prompt_id)
        return Fate.LOST if entry is None else self._ended(entry)

    def _ended(self, entry: Mapping[str, Any]) -> Fate:
        self.entry = entry
        status = entry.get("status")
        if not isinstance(status, dict) or status.get("status_str") == "success":
            return Fate.MADE
        ends = {"execution_interrupted": Fate.INTERRUPTED, "execution_error": Fate.FAILED}
        for message in status.get("messages") or ():
            match message:
                case [str() as name, {} as told] if name in ends:
                    self.told = told
                    return ends[name]
        return Fate.FAILED
