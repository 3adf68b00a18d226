"""The backends of a chain, and what is known of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from domain.errors import BackendError, BackendUnavailable
from domain.routes import Category
from services.breaker import Breaker
from services.cards import Seat
from services.skills import Backend, Ready, VoiceOffer

B = TypeVar("B", bound=Backend)

RECENT = 0.2
"""The weight of the newest answer in the averages."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[B]):
    """A backend in its chain: how many jobs it takes at a time, and of which categories.

    Without categories it takes all. `cloud` ones are off the machine. Who shares a graphics card
    has a `seat` at it.
    """

    backend: B
    slots: int = 1
    categories: tuple[Category, ...] = ()
    cloud: bool = False
    seat: Seat | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a backend is up, for how many seconds it is so, and why where it is not."""

    up: bool
    seconds: float
    reason: str = ""


@dataclass(slots=True)
class Record:
    """How a backend has done: counts, and averages in which the newest weigh most.

    `first_ms` are the milliseconds to a first piece, `per_second` the pieces after it; for chat a
    piece is about a token.
    """

    answers: int = 0
    failures: int = 0
    first_ms: float = 0.0
    per_second: float = 0.0

    def began(self, seconds: float) -> None:
        """Count the wait for a first piece."""
        self.first_ms = _average(self.first_ms, seconds * 1000)

    def ended(self, pieces: int, seconds: float) -> None:
        """Count a complete answer; `pieces` came in `seconds` after the first."""
        self.answers += 1
        if pieces and seconds > 0:
            self.per_second = _average(self.per_second, pieces / seconds)


@dataclass(frozen=True, slots=True)
class Standing:
    """What `/status` and `/healthz` tell of a backend."""

    name: str
    health: Health
    free: int
    slots: int
    models: tuple[str, ...]
    record: Record
    demonstration: bool = False
    voices: tuple[VoiceOffer, ...] = ()


@dataclass(slots=True)
class Member(Generic[B]):
    """A candidate at work; `known` is what it last said of itself."""

    candidate: Candidate[B]
    clock: Callable[[], float]
    breaker: Breaker = field(init=False)
    record: Record = field(default_factory=Record)
    known: Ready = field(default_factory=Ready)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    _glancing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _glanced_at: float = float("-inf")
    _told: Ready | BackendError = field(default_factory=Ready)

    def __post_init__(self) -> None:
        self.breaker = Breaker(self.clock)

    @property
    def label(self) -> str:
        """The backend's name for the operator."""
        return self.candidate.backend.label

    @property
    def model(self) -> str:
        """The model that the backend is configured with, where it has one."""
        return str(getattr(self.candidate.backend, "model", ""))

    @property
    def demonstration(self) -> bool:
        """Whether it only shows that the pipe works: asked where nobody else can be."""
        return bool(getattr(self.candidate.backend, "demonstration", False))

    @property
    def deaf(self) -> bool:
        """Whether it answers nothing else while it works: its silence then means nothing."""
        return bool(getattr(self.candidate.backend, "deaf", False))

    def stands_in(self, category: Category) -> bool:
        """Whether it is asked for this where nobody else can be.

        Who only reads says nothing of what a picture shows, but reads pages as well as any.
        """
        reads_only = getattr(self.candidate.backend, "reads_only", False)
        return self.demonstration or (reads_only and category is not Category.VISION_PDF)

    def serves(self, category: Category) -> bool:
        """Whether it takes jobs of this category."""
        return not self.candidate.categories or category in self.candidate.categories

    def has(self, model: str) -> bool:
        """Whether it said that it has this model."""
        return any(same_model(model, name) for name in self.known.models)

    async def look(self, within: float) -> Ready:
        """Ask it what it has; too late is unavailable."""
        try:
            async with asyncio.timeout(within):
                self.known = await self.candidate.backend.ready()
        except TimeoutError as error:
            reason = f"says nothing of itself within {within:g} s"
            raise BackendUnavailable(self.label, reason) from error
        return self.known

    async def glance(self, within: float, fresh: float) -> Ready:
        """Tell what it said of itself in the last `fresh` seconds, or look.

        Many who wait for it at the same time ask it once.
        """
        async with self._glancing:
            loop = asyncio.get_running_loop()
            if loop.time() - self._glanced_at > fresh:
                try:
                    self._told = await self.look(within)
                except BackendError as trouble:
                    self._told = trouble
                self._glanced_at = loop.time()
            if isinstance(self._told, BackendError):
                raise self._told
            return self._told

    def health(self) -> Health:
        """How it stands now."""
        seconds = self.clock() - self.breaker.since
        return Health(not self.breaker.open, seconds, self.breaker.reason)


def same_model(one: str, other: str) -> bool:
    """Whether two names mean the same model; Ollama adds `:latest` where no tag is given."""
    return one.removesuffix(":latest") == other.removesuffix(":latest")


def _average(before: float, newest: float) -> float:
    return before + RECENT * (newest - before) if before else newest
