"""A child process that serves a model, started when it is needed and again when it has died."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.child import Child


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child listens, and the key that it asks for."""

    url: str
    key: str = field(repr=False)


@dataclass(slots=True)
class Engine:
    """One child of the module `module`; `server` is its name for the operator."""

    server: str
    module: str
    _child: Child | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def place(self) -> Place | None:
        """Where the child listens, None while there is none."""
        child = self._living
        return Place(child.said["url"], child.said["key"]) if child else None

    @property
    def pid(self) -> int:
        """The child's process id, 0 while there is none."""
        return child.pid if (child := self._living) else 0

    async def start(self, settings: Mapping[str, object]) -> Place:
        """Start the child unless it lives; raises BackendUnavailable."""
        async with self._starting:
            child = self._living
            if child is None:
                await self._end()
                child = self._child = await Child.start(self.server, self.module, settings)
            return Place(child.said["url"], child.said["key"])

    async def died(self) -> bool:
        """Whether the child has ended, or is just ending."""
        return self._child is None or await self._child.died()

    async def aclose(self) -> None:
        """End the child."""
        async with self._starting:
            await self._end()

    @property
    def _living(self) -> Child | None:
        return self._child if self._child is not None and self._child.alive else None

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.end()
