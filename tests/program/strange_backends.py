"""A backend of a stranger, which does whatever a question tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from domain.errors import (
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ContextOverflow,
)
from domain.messages import Turn
from services.skills import ChatOptions, Ready


@dataclass(frozen=True, slots=True)
class Moody:
    """Fails in the way that the question names; answers other questions."""

    label: str = "Moody"
    slots: int = 4

    async def ready(self) -> Ready:
        """Always well."""
        return Ready(("moods",))

    async def stream(
        self,
        turns: Sequence[Turn],
        options: ChatOptions,  # noqa: ARG002 - the contract of a ChatModel
    ) -> AsyncGenerator[str, None]:
        """Do what the last turn says."""
        word = turns[-1].text
        match word:
            case "bug":
                raise ZeroDivisionError("a secret thing: " + word)
            case "bug in the middle":
                yield "Half of "
                raise KeyError(word)
            case "reject":
                raise BackendRejected(self.label, "I do not like this", 400)
            case "overflow":
                raise ContextOverflow(self.label, "too long", 100)
            case "nonsense":
                yield "Half of "
                raise BackendNonsense(self.label, "a line holds a list")
            case "nobody":
                raise BackendUnavailable(self.label, "is not in the mood", down=True)
            case "nothing":
                return
            case "only thoughts":
                yield "<think>Hm.</think>"
            case "blanks":
                yield " \n "
            case "cancel":
                raise asyncio.CancelledError
            case "for ever":
                yield "I begin"
                await asyncio.Event().wait()
            case _:
                yield f"Well: {word}"
