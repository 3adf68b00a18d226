"""The engine that comes with the bot: llama.cpp in a child process, with small weights.

It is a demonstration that works without any other server. The smallest weights know English only.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

from domain.errors import BackendRejected, BackendUnavailable
from domain.messages import Role, Turn
from services.cores import half_of_the_cores
from services.engine import Engine, Place
from services.openai_models import look
from services.openai_wire import Dialect, chat, explained, said
from services.skills import ChatOptions, Ready
from services.weights import find
from services.wire import Ask, Wire

TINY = "smollm2-135m"
"""Weights that are too small to follow a longer instruction, or to speak any other language."""

PLAIN = Turn(Role.SYSTEM, "You are a helpful AI assistant.")
"""All the instruction that such weights can bear."""

INSTALL = "make install"
"""What brings the engine and the smallest weights."""


@dataclass(frozen=True, slots=True)
class EmbeddedLlamaChat:
    """A small chat model inside the bot; `weights` is a path or a name, empty for what is there.

    `n_ctx` is the context of each of the `slots`; `threads` 0 means half as many as there are
    cores.
    """

    wire: Wire
    data_dir: Path = Path("data")
    weights: str = ""
    slots: int = 2
    n_ctx: int = 4096
    threads: int = 0
    patience: float = 120.0
    label: str = "embedded engine"
    _engine: Engine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_engine", Engine(self.label, "services.llama_child"))

    @property
    def model(self) -> str:
        """The name of the weights, empty where there are none."""
        path = find(self.data_dir, self.weights)
        return path.stem if path else ""

    @property
    def demonstration(self) -> bool:
        """Whether these weights only show that the pipe works; the bot says so below answers."""
        return self.model.lower().startswith(TINY)

    @property
    def pid(self) -> int:
        """The process id of the engine, 0 while it does not run."""
        return self._engine.pid

    async def start(self) -> Place:
        """Start the engine unless it runs; raises BackendUnavailable, which says what to do."""
        path = self._weights()
        settings = {
            "weights": str(path.resolve()),
            "name": path.stem,
            "slots": self.slots,
            "n_ctx": self.n_ctx,
            "threads": self.threads or half_of_the_cores(),
        }
        return await self._engine.start(settings)

    async def aclose(self) -> None:
        """Stop the engine."""
        await self._engine.aclose()

    async def stream(
        self, turns: Sequence[Turn], options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        """Yield the answer; an engine that died before it said anything is started again."""
        said = False
        for last_try in (False, True):
            place = await self.start()
            try:
                async with aclosing(self._answered(place, turns, options)) as pieces:
                    async for piece in pieces:
                        said = True
                        yield piece
            except BackendUnavailable:
                if said or last_try or not await self._engine.died():
                    raise
            else:
                return

    async def ready(self) -> Ready:
        """Tell which weights there are, without starting the engine for it."""
        name, place = self._weights().stem, self._engine.place
        if place is None:
            return Ready((name,), (), self.n_ctx)
        ask = Ask(self.label, f"{place.url}/v1/models", secret=place.key)
        known = await look(self.wire, ask, name)
        return Ready(known.models, known.models, known.context)

    async def _answered(
        self, place: Place, turns: Sequence[Turn], options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        if self.demonstration:
            turns = [PLAIN, *(turn for turn in turns if turn.role is not Role.SYSTEM)]
            options = replace(options, temperature=0.0)
        body = Dialect().body(self.model, said(turns), options) | {"repeat_penalty": 1.1}
        url = f"{place.url}/v1/chat/completions"
        ask = Ask(self.label, url, body, place.key, self.patience)
        try:
            async with aclosing(chat(self.wire, ask, options)) as pieces:
                async for piece in pieces:
                    yield piece
        except BackendRejected as error:
            raise explained(error, ask) from None

    def _weights(self) -> Path:
        """Find the weights, and the engine to load them."""
        if find_spec("xllamacpp") is None:
            reason = f"the engine is not installed; run: {INSTALL}"
            raise BackendUnavailable(self.label, reason, down=True)
        path = find(self.data_dir, self.weights)
        if path is None:
            pull = self.weights or "smollm2-135m"
            reason = f"there are no weights; run: python -m bot models pull {pull}"
            raise BackendUnavailable(self.label, reason, down=True)
        return path
