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
    _resting: list[tuple[str, Child]] = field(default_factory=list)
    _places: asyncio.Semaphore = field(init=False)
    _warming: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.slots)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the children that wait for an errand."""
        return tuple(child.pid for _, child in self._resting if child.alive)

    async def warm(self, settings: Mapping[str, object]) -> None:
        """Have a child at hand, made with `settings`; raises BackendUnavailable."""
        async with self._places, self._warming:
            if not self.pids:
                self._resting.append(("", await self._started(settings)))

    async def run(
        self,
        settings: Mapping[str, object],
        errand: Mapping[str, object],
        within: float,
        topic: str = "",
    ) -> dict[str, Any]:
        """Give an errand to a child, and return what it answers.

        A child is made with `settings` where none is free; one whose last errand had the same
        `topic` is taken first, since it has at hand what belongs to it. One that is not done
        `within` so many seconds, that dies, or whose errand is cancelled, is killed; the next
        errand gets another. Raises BackendUnavailable, and BackendRejected where this errand
        cannot be done by anyone.
        """
        async with self._places:
            async with self._warming:
                pass  # a child that is just being made ready is better than another one
            while True:
                child = self._rested(topic) or await self._started(settings)
                said = await self._told(child, errand, within, topic)
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
            await self._resting.pop()[1].end()

    def _rested(self, topic: str) -> Child | None:
        """A child that waits for an errand, of the same topic if it can be; forgets the dead."""
        self._resting = [one for one in self._resting if one[1].alive]
        if not self._resting:
            return None
        same = [at for at, one in enumerate(self._resting) if one[0] == topic]
        return self._resting.pop(same[-1] if same else 0)[1]

    async def _started(self, settings: Mapping[str, object]) -> Child:
        settings = {"memory": self.memory, "idle": self.idle, **settings}
        return await Child.start(self.server, self.module, settings)

    async def _told(
        self, child: Child, errand: Mapping[str, object], within: float, topic: str
    ) -> dict[str, Any]:
        said: dict[str, Any] = {}
        try:
            async with asyncio.timeout(within):
                said = await child.ask(errand)
        except TimeoutError as error:
            raise BackendUnavailable(self.server, f"not done within {within:g} s") from error
        finally:
            if "answer" in said or "refused" in said:
                self._resting.append((topic, child))
            else:
                await child.kill()
        return said
