"""The time before the first piece of an answer: what to say meanwhile, and when to give up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from domain.answers import Phase
from domain.errors import BackendError, BackendUnavailable
from services.candidates import B, Member, same_model
from services.patience import Patience
from services.skills import Ready

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being waited for; `backend` is the label of who is asked, empty while nobody is."""

    phase: Phase
    backend: str = ""


async def answered(
    member: Member[B], call: Callable[[B], AsyncIterator[T]], patience: Patience
) -> AsyncGenerator[T | Stage, None]:
    """Yield a backend's answer, before it the stages of waiting; keeps its record."""
    yield Stage(Phase.THINKING, member.label)
    asked, count = member.clock(), 0
    async with closing(call(member.candidate.backend)) as pieces:
        first = asyncio.create_task(_first(pieces), name=f"first piece of {member.label}")
        try:
            async with aclosing(phases(first, member, patience)) as shown:
                async for phase in shown:
                    yield Stage(phase, member.label)
            opening = first.result()
        finally:
            await put_away(first)
        came = member.clock()
        member.record.began(came - asked)
        for piece in opening:
            yield piece
        async for piece in pieces:
            count += 1
            yield piece
    member.record.ended(count, member.clock() - came)
    member.breaker.worked()


async def phases(
    first: asyncio.Task[Any], member: Member[B], patience: Patience
) -> AsyncGenerator[Phase, None]:
    """Yield what the backend turns out to be doing, until the first piece is there.

    Raises BackendUnavailable when the backend says nothing of itself either: then it hangs. One
    that is deaf while it works has all the time that it has of its own.
    """
    loop = asyncio.get_running_loop()
    doubt = loop.time() + patience.doubt_after
    shown, pause = Phase.THINKING, patience.notice_after
    while not await _done(first, pause):
        phase = shown
        try:
            glance = member.glance(patience.ready_within, patience.look_every / 2)
            ready = await _meanwhile(first, glance)
            phase = _phase(ready, member.model)
        except BackendError as error:
            if loop.time() >= doubt and not member.deaf:
                reason = f"hangs: {error.reason}"
                raise BackendUnavailable(error.backend, reason, down=True) from error
        if phase is not shown and not first.done():
            yield phase
            shown = phase
        pause = patience.look_every


def _phase(ready: Ready | None, model: str) -> Phase:
    if ready is None or ready.loaded is None or not model:
        return Phase.THINKING
    there = any(same_model(model, name) for name in ready.loaded)
    return Phase.THINKING if there else Phase.LOADING


async def _done(first: asyncio.Task[Any], seconds: float) -> bool:
    await asyncio.wait({first}, timeout=seconds)
    return first.done()


async def _meanwhile(first: asyncio.Task[Any], look: Coroutine[Any, Any, Ready]) -> Ready | None:
    """Ask what the backend is doing, unless the first piece comes before it has said so."""
    asking = asyncio.create_task(look, name=f"look during {first.get_name()}")
    try:
        await asyncio.wait({first, asking}, return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else None
    finally:
        await put_away(asking)


async def put_away(task: asyncio.Task[Any]) -> None:
    """Cancel what is not wanted any more and see it end."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # nobody else will look at it


async def _first(pieces: AsyncIterator[T]) -> list[T]:
    """The first piece, or none where the answer is empty."""
    async for piece in pieces:
        return [piece]
    return []


@asynccontextmanager
async def closing(pieces: AsyncIterator[T]) -> AsyncIterator[AsyncIterator[T]]:
    """Close a stream that is left; a stranger's need not be a generator."""
    try:
        yield pieces
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
