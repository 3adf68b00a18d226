"""Errands: requests that a child process answers over its pipes, one at a time.

For libraries that block, and for those that open what strangers sent: a crash costs one errand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.errors import BackendRejected, BackendUnavailable
from services.child import Child

IDLE_SECONDS = 300.0
"""So long a child keeps its model in memory while nobody wants anything of it."""


@dataclass(slots=True)
class Errands:
    """At most `slots` children of the module `module`, started when they are needed.

    A child gets `memory` bytes, 0 is no limit, and ends when it was `idle` for so many seconds.
    `server` is the name for the operator.
    """

    server: str
    module: str
    slots: int = 1
    memory: int = 0
    idle: float = IDLE_SECONDS
    _resting: list[Child] = field(default_factory=list)
    _places: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.slots)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the children that wait for an errand."""
        return tuple(child.pid for child in self._resting if child.alive)

    async def run(
        self, settings: Mapping[str, object], errand: Mapping[str, object], within: float
    ) -> dict[str, Any]:
        """Give an errand to a child, and return what it answers.

        A child is made with `settings` where none is free. One that is not done `within` so many
        seconds, that dies, or whose errand is cancelled, is killed; the next errand gets another.
        Raises BackendUnavailable, and BackendRejected where this errand cannot be done by anyone.
        """
        async with self._places:
            while True:
                child = self._rested() or await self._started(settings)
                said = await self._told(child, errand, within)
                if "bye" not in said:  # else it was just leaving when we came
                    break
        if "refused" in said:
            raise BackendRejected(self.server, said["refused"])
        if "answer" not in said:
            reason = said.get("failed") or "died while it worked"
            raise BackendUnavailable(self.server, reason)
        answer: dict[str, Any] = said["answer"]
        return answer

    async def aclose(self) -> None:
        """End the children."""
        while self._resting:
            await self._resting.pop().end()

    def _rested(self) -> Child | None:
        """A child that waits for an errand; the dead are forgotten."""
        while self._resting:
            if (child := self._resting.pop()).alive:
                return child
        return None

    async def _started(self, settings: Mapping[str, object]) -> Child:
        settings = {"memory": self.memory, "idle": self.idle, **settings}
        return await Child.start(self.server, self.module, settings)

    async def _told(
        self, child: Child, errand: Mapping[str, object], within: float
    ) -> dict[str, Any]:
        said: dict[str, Any] = {}
        try:
            async with asyncio.timeout(within):
                said = await child.ask(errand)
        except TimeoutError as error:
            raise BackendUnavailable(self.server, f"not done within {within:g} s") from error
        finally:
            if "answer" in said or "refused" in said:
                self._resting.append(child)
            else:
                await child.kill()
        return said
