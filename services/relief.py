"""Relief: whoever has had a graphics card is asked to free its memory for the other side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.errors import HearthbotError
from services.turns import Side

log = logging.getLogger(__name__)

WITHIN = 10.0
"""Seconds; who takes longer is not waited for."""

WAYS = ("unload", "free")
"""What backends call it: those that hold one model, and those that hold several."""


def _none() -> Mapping[Side, Sequence[Any]]:
    return dict.fromkeys(Side, ())


@dataclass(frozen=True, slots=True)
class Relief:
    """The backends whose memory is on one card, by their side; not all of them can free any."""

    backends: Mapping[Side, Sequence[Any]] = field(default_factory=_none)

    async def free(self, side: Side) -> None:
        """Ask all of a side, at the same time; who fails to is logged, and nothing else happens."""
        ways = [found for one in self.backends[side] if (found := _way(one)) is not None]
        await asyncio.gather(*(_ask(label, way) for label, way in ways))


def _way(backend: Any) -> tuple[str, Callable[[], Awaitable[None]]] | None:
    for name in WAYS:
        if way := getattr(backend, name, None):
            return backend.label, way
    return None


async def _ask(label: str, way: Callable[[], Awaitable[None]]) -> None:
    try:
        async with asyncio.timeout(WITHIN):
            await way()
    except (HearthbotError, TimeoutError, OSError) as trouble:
        reason = str(trouble) or "it took too long"
        log.warning("%s frees no memory: %s", label, reason, extra={"action": "card"})
