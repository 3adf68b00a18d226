"""One prompt from its beginning to its end, at a server that may forget it in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from domain.answers import Phase, Progress
from domain.drawing import Glimpse, Settled, Sketch
from domain.errors import BackendError, BackendRejected, BackendUnavailable
from services.comfy.ears import listening
from services.comfy.lookout import Fate, Lookout
from services.comfy.outputs import kind
from services.comfy.posting import post
from services.comfy.server import Comfy
from services.comfy.ticket import Ticket
from services.comfy.troubles import INTERRUPTED, START_PICTURE, TOO_LONG, failed
from services.comfy.watch import Preview, Watch
from services.graph_cards import IMAGE
from services.graph_fitting import fitted, shaped, values
from services.graphs import Graph
from services.skills import Commission

_GLIMPSES = 3.0  # seconds between two of them
_KEPT_GLIMPSES = 8
_TAKING_BACK = 6.0  # seconds that taking a prompt back may take
_ARRIVING = 0.5
_LOSSES = 2
_NOT_THERE = frozenset({404, 405})


@dataclass(frozen=True, slots=True)
class Made:
    """It is over and went well: what the server's history says of it."""

    entry: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: that a prompt may run, between two looks, and that a server may be away."""

    patience: float
    poll: float
    grace: float


@dataclass(slots=True)
class Run:
    """The way of a commission through a server.

    A prompt that the server lost is begun anew, once. Whoever stops listening for good takes it
    back.
    """

    comfy: Comfy
    graph: Graph
    commission: Commission
    pace: Pace
    _begun: bool = field(default=False, init=False)
    _posting: bool = field(default=False, init=False)
    _shown: Progress | None = field(default=None, init=False)
    _glimpses: int = field(default=0, init=False)
    _next_glimpse: float = field(default=0.0, init=False)

    async def events(self) -> AsyncGenerator[Settled | Progress | Glimpse | Made, None]:
        """Yield how it is made, how far it is, and at last what has been made."""
        sketch = self.commission.sketch
        known = Ticket.read(self.commission.ticket, self.comfy.url, sketch)
        settled = known.settled if known else await self._settled()
        yield settled
        for _ in range(_LOSSES):
            ticket = known or Ticket.new(self.comfy.url, settled)
            async with aclosing(self._once(ticket, known is not None)) as events:
                async for event in events:
                    yield event
                    if isinstance(event, Made):
                        return
            known = None
        raise BackendUnavailable(self.comfy.label, "lost what it was to make twice", down=True)

    async def _settled(self) -> Settled:
        """Settle what the graph leaves open; the prompt is put into English where it must be."""
        sketch = fitted(await self._shaped(), self.graph)
        if self.graph.card.english and "prompt" in self.graph.places and sketch.prompt.strip():
            sketch = replace(sketch, prompt=await self.commission.in_english())
        return Settled(sketch, self.graph.title)

    async def _shaped(self) -> Sketch:
        """What begins from a picture has the shape of that picture, unless one was chosen."""
        sketch = self.commission.sketch
        try:
            known = await asyncio.to_thread(kind, sketch.start) if sketch.start else None
        except OSError as error:
            raise _unreadable(self.comfy, error) from error
        return shaped(sketch, self.graph, known.width, known.height) if known else sketch

    async def _once(
        self, ticket: Ticket, known: bool
    ) -> AsyncGenerator[Progress | Glimpse | Made, None]:
        """Follow one prompt to its end, which is without a Made where it was lost."""
        nodes = {} if known else await self._nodes(ticket.settled)
        watch = Watch(ticket.prompt_id, nodes)
        if not known:
            await self.commission.remember(str(ticket))
        try:
            async with listening(self.comfy, ticket.client_id, watch):
                self._begun = True
                if not known:
                    watch.prompt_id = await self._posted(ticket, nodes)
                async with aclosing(self._followed(watch, known)) as events:
                    async for event in events:
                        yield event
        finally:
            await self._take_back(watch.prompt_id)

    async def _posted(self, ticket: Ticket, nodes: Mapping[str, Any]) -> str:
        """Put it into the queue; tells its number, which is the server's where that insists."""
        self._posting = True
        try:
            theirs = await post(self.comfy, ticket, nodes)
        except BackendError:
            self._posting = False
            raise
        self._posting = False
        if theirs:
            await self.commission.remember(str(replace(ticket, prompt_id=theirs)))
        return theirs or ticket.prompt_id

    async def _nodes(self, settled: Settled) -> dict[str, Any]:
        start, name = self.commission.sketch.start, ""
        if start is not None and self.graph.takes_start:
            name = await _uploaded(self.comfy, start)
        found = values(settled.sketch, self.graph, settled.sketch.prompt, name)
        return self.graph.filled(found)

    async def _followed(
        self, watch: Watch, known: bool
    ) -> AsyncGenerator[Progress | Glimpse | Made, None]:
        pace = self.pace
        out = Lookout(self.comfy, watch, pace.poll, pace.grace, at_once=known)
        limit, running = out.now() + pace.patience, False
        while True:
            for event in await self._news(watch, out.now()):
                yield event
            await out.wait(limit)
            if watch.running and not running:
                running, limit = True, out.now() + pace.patience
            if out.now() >= limit:
                reason = f"not done within {pace.patience:g} s"
                raise BackendRejected(self.comfy.label, reason, code=TOO_LONG)
            fate = await out.look()
            if fate is not Fate.OPEN:
                break
        self._begun = False
        if fate is Fate.MADE:
            yield Made(out.entry)
        elif trouble := self._trouble(fate, out.told, known):
            raise trouble

    def _trouble(self, fate: Fate, told: Mapping[str, Any], known: bool) -> BackendError | None:
        """Why nothing was made; None for what is to be begun anew.

        That is what the server has lost, and what was interrupted while we were away.
        """
        if fate is Fate.FAILED:
            return failed(self.comfy.label, told)
        if fate is Fate.INTERRUPTED and not known:
            reason = "somebody interrupted it at the server"
            return BackendRejected(self.comfy.label, reason, code=INTERRUPTED)
        return None

    async def _news(self, watch: Watch, now: float) -> list[Progress | Glimpse]:
        """What has not been told yet."""
        working = Phase.DRAWING if self.graph.kind == IMAGE else Phase.FILMING
        phase = (watch.phase or working) if watch.running else Phase.QUEUED
        progress = Progress(phase, watch.note, watch.share)
        news: list[Progress | Glimpse] = [progress] if progress != self._shown else []
        self._shown = progress
        if watch.preview is not None and now >= self._next_glimpse:
            preview, watch.preview = watch.preview, None
            self._next_glimpse = now + _GLIMPSES
            with suppress(OSError):  # what is made matters more, and has a word of its own
                news.append(await self._glimpse(preview))
        return news

    async def _glimpse(self, preview: Preview) -> Glimpse:
        """Write it down; the oldest is written over, long after somebody was shown it."""
        number = self._glimpses % _KEPT_GLIMPSES
        path = self.commission.room / f"glimpse-{number}{preview.ending}"
        self._glimpses += 1
        await asyncio.to_thread(path.write_bytes, preview.image)
        return Glimpse(path)

    async def _take_back(self, prompt_id: str) -> None:
        """End what nobody waits for any more; a server that cannot be reached keeps it."""
        if not self._begun or self.commission.returns():
            return
        self._begun = False
        with suppress(BackendError, TimeoutError):
            async with asyncio.timeout(_TAKING_BACK):
                # what was just being posted may still be on its way into the queue
                await asyncio.sleep(_ARRIVING if self._posting else 0)
                await self.comfy.take_back(prompt_id)


async def _uploaded(comfy: Comfy, start: Path) -> str:
    try:
        return await comfy.upload(start)
    except OSError as error:
        raise _unreadable(comfy, error) from error
    except BackendRejected as error:
        if error.status in _NOT_THERE:
            reason = f"is no ComfyUI: {error.reason}"
            raise BackendUnavailable(comfy.label, reason, down=True) from error
        raise BackendRejected(comfy.label, error.reason, error.status, START_PICTURE) from error


def _unreadable(comfy: Comfy, error: OSError) -> BackendRejected:
    reason = f"the start picture cannot be read: {error.strerror}"
    return BackendRejected(comfy.label, reason, code=START_PICTURE)
