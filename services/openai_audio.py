"""Hearing and speaking as OpenAI's servers and their likenesses do it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from domain.errors import BackendRejected
from services.openai_wire import explained
from services.wire import Ask

T = TypeVar("T")

LONGEST = 4096
"""Characters that such a server speaks at once."""

SPEEDS = (0.25, 4.0)
"""The slowest and the fastest that it speaks."""


@dataclass(slots=True)
class Formats:
    """The forms that an answer may have, the best first; learnt which ones a server refuses."""

    wished: tuple[str, ...]
    refused: set[str] = field(default_factory=set)

    @property
    def best(self) -> str:
        """The one to ask for."""
        return next(one for one in self.wished if one not in self.refused)

    def learn(self, error: BackendRejected, tried: str) -> bool:
        """Whether the refusal was about the form and another is left, which is remembered."""
        about = "response_format" in error.reason or tried in error.reason
        if not (about and error.status in {400, 415, 422}):
            return False
        left = set(self.wished) - self.refused - {tried}
        if left:
            self.refused.add(tried)
        return bool(left)


async def best_of(
    formats: Formats, ask: Callable[[str], Ask], get: Callable[[Ask], Awaitable[T]]
) -> T:
    """Ask for the best form that the server knows; a refusal costs one question, once."""
    while True:
        tried = formats.best
        asked = ask(tried)
        try:
            return await get(asked)
        except BackendRejected as error:
            if not formats.learn(error, tried):
                raise explained(error, asked) from None
