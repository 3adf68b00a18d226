"""A chain: the backends of one skill, asked in order, each within its slots."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from typing import Generic, Self, TypeVar

from domain.answers import Phase
from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendUnavailable,
    ModelMissing,
)
from domain.messages import Turn
from domain.routes import Category, Privacy, Route
from services.candidates import B, Candidate, Member, Standing
from services.cards import seated
from services.choice import Choice
from services.first_piece import Stage, answered
from services.patience import Patience
from services.probes import Probes
from services.skills import ChatModel, ChatOptions, Usage
from services.slots import Slots

__all__ = ["Candidate", "Chain", "Patience", "Stage", "Standing"]

T = TypeVar("T")


def _unseen(_stage: Stage) -> None:
    """Nobody watches."""


def _uncounted(_label: str, _usage: Usage) -> None:
    """Nobody counts."""


class Chain(Generic[B]):
    """The backends of a skill in the order in which they are tried.

    Who is busy, or whose graphics card is, is passed over for a later one on this machine; who
    fails before its first piece, for the next. What is down is asked after in the background
    while `run` runs, or inside `async with`.
    """

    def __init__(
        self,
        skill: str,
        candidates: Sequence[Candidate[B]],
        patience: Patience | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.skill = skill
        self.on_free: Callable[[], None] = lambda: None
        """Called when a place has become free or a backend is well again; the worker sets it."""
        self.on_usage: Callable[[str, Usage], None] = _uncounted
        """Called with a backend's label and what an answer of it has cost."""
        self._patience = patience or Patience()
        self._members = [Member(one, clock) for one in candidates]
        seats = [one.seat for one in candidates]
        self._slots = Slots([one.slots for one in candidates], self._freed, seats)
        self._choice = Choice(skill, self._members)
        self._probes = Probes(self._members, self._patience, chance, self._slots.wake)
        self._runner: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Look at all backends, then after those that are down, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._probes.run(), name=f"probes for {self.skill}")
            group.create_task(self._prepare(), name=f"preparing {self.skill}")

    async def _prepare(self) -> None:
        """Start an engine of our own before it is needed, where nobody else can answer."""
        await self._probes.met.wait()
        if not self.demonstrates():
            return
        for member in self._members:
            if start := getattr(member.candidate.backend, "start", None):
                with suppress(BackendError):
                    await start()

    async def __aenter__(self) -> Self:
        self._runner = asyncio.create_task(self.run(), name=f"probes for {self.skill}")
        return self

    async def __aexit__(self, *_: object) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.cancel()
            await asyncio.wait({runner})
            if not runner.cancelled():
                runner.result()  # it never ends by itself unless it has failed

    async def stream(
        self,
        route: Route,
        call: Callable[[B], AsyncIterator[T]],
        observe: Callable[[Stage], None] = _unseen,
    ) -> AsyncGenerator[T, None]:
        """Yield what `call` yields with the first backend that can take it.

        Raises NoBackendLeft when all were unavailable. Once a piece has come the choice is final,
        and what happens then is raised as it is. Consume it under `contextlib.aclosing`.
        """
        async with aclosing(self._told(route, call)) as told:
            async for one in told:
                if isinstance(one, Stage):
                    observe(one)
                else:
                    yield one

    async def once(
        self,
        route: Route,
        call: Callable[[B], Awaitable[T]],
        observe: Callable[[Stage], None] = _unseen,
    ) -> T:
        """Return what `call` returns with the first backend that can do it; raises as `stream`."""

        async def answer(backend: B) -> AsyncGenerator[T, None]:
            yield await call(backend)

        async with aclosing(self.stream(route, answer, observe)) as answers:
            async for one in answers:
                return one
        raise RuntimeError("a chain ended without an answer")

    async def warm(self, *told: object) -> None:
        """Let the one that would be asked load what it needs, where it starts only when asked.

        Who works already has done so. Trouble is left to those who ask in earnest.
        """
        for number in self._choice.line(Route())[:1]:
            warm = getattr(self._members[number].candidate.backend, "warm", None)
            if warm is not None and self._slots.free(number):
                with suppress(BackendError):
                    await warm(*told)

    async def chat(
        self: Chain[ChatModel], route: Route, turns: Sequence[Turn], options: ChatOptions
    ) -> AsyncGenerator[str | Phase, None]:
        """Yield the pieces of an answer, and before them the phases that the asker waits in."""

        def call(backend: ChatModel) -> AsyncIterator[str]:
            def counted(usage: Usage) -> None:
                options.usage(usage)
                self.on_usage(backend.label, usage)

            own = replace(options, model=self._choice.model(backend, route), usage=counted)
            return backend.stream(turns, own)

        async with aclosing(self.phased(route, call)) as told:
            async for one in told:
                yield one

    async def phased(
        self, route: Route, call: Callable[[B], AsyncIterator[T]]
    ) -> AsyncGenerator[T | Phase, None]:
        """Yield as `stream` does, and before the first piece the phases that the asker waits in."""
        async with aclosing(self._told(route, call)) as told:
            async for one in told:
                yield one.phase if isinstance(one, Stage) else one

    def capacity(
        self, category: Category = Category.DEFAULT, privacy: Privacy = Privacy.LOCAL
    ) -> int:
        """How many more jobs can begin now; 1 when all is down, so that they fail visibly."""
        line = self._choice.line(Route(category, privacy))
        return sum(self._slots.free(number) for number in line) if line else 1

    def places(self, running: Mapping[Category, int]) -> dict[Category, int]:
        """How many more jobs of each category may run, given how many of each do.

        Categories that share a backend share its places. It is never less than one job in all, so
        that jobs fail visibly where all is down.
        """
        lines = {one: set(self._choice.line(Route(one))) for one in running}
        places = {}
        for one, line in lines.items():
            total = sum(self._members[number].candidate.slots for number in line)
            taken = sum(running[other] for other in lines if lines[other] & line or other is one)
            places[one] = max(total, 1) - taken
        return places

    def state(self) -> tuple[Standing, ...]:
        """How each backend stands, in the order of the configuration."""
        return tuple(
            Standing(
                member.label,
                member.health(),
                self._slots.free(number),
                member.candidate.slots,
                member.known.models,
                replace(member.record),
                member.demonstration,
                member.known.voices,
            )
            for number, member in enumerate(self._members)
        )

    def backends(self) -> tuple[B, ...]:
        """All backends, in the order of the configuration."""
        return tuple(member.candidate.backend for member in self._members)

    def demonstrates(self) -> bool:
        """Whether only a demonstration model can answer."""
        line = self._choice.line(Route())
        return bool(line) and all(self._members[number].demonstration for number in line)

    def context(self, route: Route) -> int:
        """The smallest context of those that may answer, in tokens; 0 when none tells."""
        told = [self._members[number].known.context for number in self._choice.line(route)]
        return min((tokens for tokens in told if tokens), default=0)

    async def _told(
        self, route: Route, call: Callable[[B], AsyncIterator[T]]
    ) -> AsyncGenerator[T | Stage, None]:
        tried: dict[int, str] = {}
        wishes = partial(self._choice.wishes, route, tried)
        while True:
            number, begun = self._slots.grab(wishes), False
            if number is None and (wanted := wishes()):
                yield Stage(self._obstacle(wanted))
                number = await self._slots.take(wishes)
            if number is None:
                raise self._choice.nobody_left(route, tried)
            try:
                async with aclosing(self._placed(number, call)) as told:
                    async for one in told:
                        begun = begun or not isinstance(one, Stage)
                        yield one
            except BackendUnavailable as error:
                if begun:
                    raise
                tried[number] = error.reason
            else:
                return

    async def _placed(
        self, number: int, call: Callable[[B], AsyncIterator[T]]
    ) -> AsyncGenerator[T | Stage, None]:
        """The answer of a backend at which a place is taken; it is given back at the end."""
        member = self._members[number]
        try:
            async with (
                seated(member.candidate.seat),
                aclosing(self._served(member, call)) as told,
            ):
                async for one in told:
                    yield one
        finally:
            self._slots.give(number)

    async def _served(
        self, member: Member[B], call: Callable[[B], AsyncIterator[T]]
    ) -> AsyncGenerator[T | Stage, None]:
        """One backend's answer, with its stages before and its record kept.

        Who breaks off in the middle is left alone until a probe finds it well: the question that
        is asked again goes to another.
        """
        begun = False
        try:
            async with aclosing(answered(member, call, self._patience)) as told:
                async for one in told:
                    begun = begun or not isinstance(one, Stage)
                    yield one
        except (BackendUnavailable, BackendNonsense) as error:
            if not _is_a_wish(error, member):
                down = isinstance(error, BackendUnavailable) and (error.down or begun)
                self._probes.failed(member, error.reason, at_once=down)
            raise

    def _freed(self) -> None:
        self.on_free()

    def _obstacle(self, wishes: Sequence[int]) -> Phase:
        """What is waited for: a place, or the card of a backend that has one."""
        free = [number for number in wishes if self._slots.free(number)]
        seats = (self._members[number].candidate.seat for number in free)
        return next((seat.phase for seat in seats if seat is not None), Phase.QUEUED)


def _is_a_wish(error: BackendError, member: Member[B]) -> bool:
    """Whether only a model that a person chose is missing, which says nothing of the backend."""
    return isinstance(error, ModelMissing) and error.model != member.model
