"""A backend of a stranger, which does whatever a question tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass

from domain.errors import BackendNonsense, BackendRejected, ContextOverflow
from domain.messages import Turn
from services.skills import ChatOptions, Ready

ME = "Moody"
SAYS: Mapping[str, Sequence[str]] = {
    "bug in the middle": ["Half of "],
    "nonsense": ["Half of "],
    "nothing": [],
    "only thoughts": ["<think>Hm.</think>"],
    "blanks": [" ", "\n "],
}
"""What it says to a question; nothing to those of which it is not said here but below."""

RAISES: Mapping[str, BaseException] = {
    "bug": ZeroDivisionError("a secret thing"),
    "bug in the middle": KeyError("a secret thing"),
    "reject": BackendRejected(ME, "I do not like this", 400),
    "overflow": ContextOverflow(ME, "too long", 100),
    "nonsense": BackendNonsense(ME, "a line holds a list"),
    "cancel": asyncio.CancelledError(),
}
"""How it ends after that."""


@dataclass(frozen=True, slots=True)
class Moody:
    """Fails in the way that the question names; answers other questions."""

    label: str = ME
    slots: int = 4

    async def ready(self) -> Ready:
        """Always well."""
        return Ready(("moods",))

    async def stream(
        self, turns: Sequence[Turn], options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        """Do what the last turn says."""
        word = turns[-1].text
        usual = [] if word in RAISES else [f"Well: {word}"]
        for piece in SAYS.get(word, usual):
            yield piece
        if word in RAISES:
            raise RAISES[word]
