"""Asks in the background after the backends that are down, until they are well."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic

from domain.errors import BackendError
from services.candidates import B, Member
from services.patience import Patience

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Probes(Generic[B]):
    """Looks at all members once, then at those that have fallen, more and more seldom.

    `chance` gives a number from 0 to 1 that spreads the probes, so that many bots do not ask at the
    same instant. `on_change` is called whenever a member has fallen or is well again; `met` is set
    after the first look at all.
    """

    members: Sequence[Member[B]]
    patience: Patience
    chance: Callable[[], float]
    on_change: Callable[[], None]
    met: asyncio.Event = field(default_factory=asyncio.Event)
    _fallen: asyncio.Queue[Member[B]] = field(default_factory=asyncio.Queue)

    async def run(self) -> None:
        """Look and go on looking until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._meet_all(), name="first look at all")
            if self.patience.watch_every:
                group.create_task(self._watch(), name="looks at all")
            while True:
                member = await self._fallen.get()
                group.create_task(self._follow(member), name=f"probes of {member.label}")

    def failed(self, member: Member[B], reason: str, *, at_once: bool) -> None:
        """Count a failure of a member; when it opens the breaker, the probes begin."""
        member.record.failures += 1
        if member.breaker.failed(reason, at_once=at_once):
            log.warning("%s is down: %s", member.label, reason, extra={"action": "down"})
            self._fallen.put_nowait(member)
            self.on_change()

    async def _meet_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for member in self.members:
                group.create_task(self._meet(member), name=f"first look at {member.label}")
        self.met.set()

    async def _watch(self) -> None:
        """Notice who has fallen though nobody here asks them."""
        while True:
            await asyncio.sleep(self.patience.watch_every)
            for member in self.members:
                if not member.breaker.open:
                    await self._meet(member)

    async def _meet(self, member: Member[B]) -> None:
        try:
            await member.look(self.patience.ready_within)
        except BackendError as error:
            self.failed(member, error.reason, at_once=True)

    async def _follow(self, member: Member[B]) -> None:
        pause = self.patience.probe_first * 2 ** min(member.breaker.rounds - 1, 16)
        while member.breaker.open:
            await self._rest(member, min(pause, self.patience.probe_most))
            pause *= 2
            member.hurry.clear()  # who asks from here on wants a look later than this one
            try:
                await member.look(self.patience.ready_within)
                member.breaker.recovered()
                log.info("%s is up again", member.label, extra={"action": "up"})
            except BackendError as error:
                member.breaker.reason = error.reason
        self.on_change()

    async def _rest(self, member: Member[B], seconds: float) -> None:
        """Wait, shorter when somebody needs the member, yet never so that probes pour in."""
        least = self.patience.probe_first * (0.5 + self.chance() / 2)
        await asyncio.sleep(least)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * (0.75 + self.chance() / 2) - least):
                await member.hurry.wait()
