"""Watches this process, and the children that it has, while something is done."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import psutil

PAUSE = 0.002
"""Seconds between two looks, which a loop that is free keeps to."""

MIB = 1 << 20


@dataclass(slots=True)
class Seen:
    """The most that was seen: memory in MiB, and for how many milliseconds the loop was held."""

    grown: float = 0.0
    child: float = 0.0
    held: float = 0.0


@asynccontextmanager
async def watched() -> AsyncIterator[Seen]:
    """Watch while the block runs."""
    seen = Seen()
    watching = asyncio.create_task(_watch(seen), name="watch ourselves")
    try:
        yield seen
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(seen: Seen) -> None:
    own = psutil.Process()
    before = own.memory_info().rss
    for turn in itertools.count():
        slept = time.monotonic()
        await asyncio.sleep(PAUSE)
        seen.held = max(seen.held, (time.monotonic() - slept - PAUSE) * 1000)
        if turn % 10 == 0:
            seen.grown = max(seen.grown, (own.memory_info().rss - before) / MIB)
            with suppress(psutil.NoSuchProcess):
                memory = [one.memory_info().rss / MIB for one in own.children(recursive=True)]
                seen.child = max(seen.child, *memory, 0.0)
