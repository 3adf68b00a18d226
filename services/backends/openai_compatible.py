"""Whoever speaks OpenAI's chat: MLX, llama.cpp, LM Studio, vLLM, clouds."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from domain.errors import BackendRejected
from domain.messages import Turn
from services.openai_models import look
from services.openai_wire import Dialect, chat, explained
from services.skills import ChatOptions, Ready
from services.wire import Ask, Wire


@dataclass(frozen=True, slots=True)
class OpenAIChat:
    """A chat model behind an address that usually ends in /v1."""

    wire: Wire
    url: str
    model: str
    api_key: str = field(default="", repr=False)
    patience: float = 120.0
    label: str = ""
    _dialect: Dialect = field(default_factory=Dialect, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.label:
            where = urlsplit(self.url)
            port = f":{where.port}" if where.port else ""
            object.__setattr__(self, "label", f"{self.model} at {where.hostname}{port}")

    async def stream(
        self, turns: Sequence[Turn], options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        """Yield the answer; asks again without the words that this server does not take."""
        while True:
            body = self._dialect.body(options.model or self.model, turns, options)
            ask = self._ask("chat/completions", body)
            try:
                async with aclosing(chat(self.wire, ask, options)) as pieces:
                    async for piece in pieces:
                        yield piece
            except BackendRejected as error:
                if not self._dialect.learn(error, body):
                    raise explained(error, ask) from None
            else:
                return

    async def ready(self) -> Ready:
        """Tell which models are there, as far as the server tells."""
        return await look(self.wire, self._ask("models"), self.model)

    def _ask(self, route: str, body: dict[str, object] | None = None) -> Ask:
        address = f"{self.url.rstrip('/')}/{route}"
        return Ask(self.label, address, body, self.api_key, self.patience)
