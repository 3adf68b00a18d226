"""A shift: work and delivery go on while it lasts, and end in the order of the work's flow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.parts import Parts

Errand = Callable[[], Coroutine[Any, Any, None]]


@asynccontextmanager
async def shift(parts: Parts, seconds: float, beside: Mapping[str, Errand]) -> AsyncIterator[None]:
    """Work and deliver while the block runs, and do what else has to be done `beside` it.

    At its end no job is begun any more; what runs may take so many `seconds` before it goes back
    in line, and what is on its way to Telegram half of that.
    """
    chains = {f"chain of {skill}": one.run for skill, one in parts.chains.all().items()}
    errands = {**chains, "janitor": parts.janitor.run, **beside}
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(run(), name=name) for name, run in errands.items()]
        tasks.append(group.create_task(parts.worker.run(), name="worker"))
        tasks.append(group.create_task(parts.courier.run(), name="courier"))
        yield
        await parts.worker.drain(seconds)
        await parts.courier.aclose(seconds / 2)
        for task in tasks:
            task.cancel()
