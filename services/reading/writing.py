"""Writing: what a model makes of what it is shown, all at once or as it comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from domain.answers import Phase
from domain.messages import Turn
from domain.routes import Route
from services.chain import Chain
from services.skills import ChatModel, ChatOptions
from services.thoughts import Listener
from services.tokens import estimate

LEAST_ROOM = 256
"""Tokens of a text that are shown to a model even where its context is set too small for that."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Asks the chat chain; lengths in tokens.

    `budget` is what a model may read, `max_tokens` what it may write, thoughts included.
    """

    chain: Chain[ChatModel]
    budget: int
    max_tokens: int = 1024
    temperature: float | None = None

    @property
    def places(self) -> int:
        """How many questions the chain can take at a time."""
        return sum(one.slots for one in self.chain.state()) or 1

    def room(self, route: Route, beside: Sequence[Turn] = ()) -> int:
        """How long a text may be that is read together with these turns."""
        told = self.chain.context(route)
        budget = min(self.budget, told - self.max_tokens) if told else self.budget
        return max(budget - sum(estimate(turn.text) for turn in beside), LEAST_ROOM)

    async def written(
        self,
        route: Route,
        turns: Sequence[Turn],
        longest: int,
        observe: Callable[[Phase], None],
    ) -> str:
        """The whole answer, without what the model thought."""
        heard = Listener()
        async with aclosing(self._pieces(route, turns, longest)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Phase):
                    observe(piece)
                else:
                    heard.hear(piece)
        heard.finish()
        return heard.answer

    async def streamed(
        self, route: Route, turns: Sequence[Turn]
    ) -> AsyncGenerator[Phase | str, None]:
        """Yield the answer so far again and again, the last time whole; before it the waiting."""
        heard = Listener()
        async with aclosing(self._pieces(route, turns, self.max_tokens)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Phase):
                    yield piece
                    continue
                heard.hear(piece)
                if heard.answer.strip():
                    yield heard.answer.strip()
                elif heard.thinking:
                    yield Phase.THINKING
        heard.finish()
        yield heard.answer

    def _pieces(
        self, route: Route, turns: Sequence[Turn], longest: int
    ) -> AsyncGenerator[str | Phase, None]:
        return self.chain.chat(route, turns, ChatOptions(longest, self.temperature))
