"""An answer on its way to the ear: read aloud, or not, and what became of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from domain.messages import Attachment
from services.speaking.recital import Recital


@dataclass(frozen=True, slots=True)
class Spoken:
    """A voice message or none, and what the text should say about that."""

    voice: Attachment | None = None
    note: str = ""


class Reading(Protocol):
    """Takes an answer while it is written."""

    @property
    def speaks(self) -> bool:
        """Whether somebody is going to hear it."""

    def feed(self, text: str) -> None:
        """Take the whole answer so far; never waits."""

    async def finish(self, text: str) -> Spoken:
        """Take the whole answer, and tell what became of it."""


@dataclass(frozen=True, slots=True)
class Silent:
    """An answer that is only to be read; `note` says why where somebody wanted to hear it."""

    note: str = ""
    speaks: ClassVar[bool] = False

    def feed(self, text: str) -> None:
        """Say nothing."""

    async def finish(self, text: str) -> Spoken:
        """Nothing was spoken."""
        return Spoken(note=self.note if text else "")


@dataclass(frozen=True, slots=True)
class Aloud:
    """An answer that is read aloud while it is written; `end` makes a voice message of it."""

    recital: Recital
    end: Callable[[], Awaitable[Spoken]]
    speaks: ClassVar[bool] = True

    def feed(self, text: str) -> None:
        """Speak what is certain of it."""
        self.recital.feed(text)

    async def finish(self, text: str) -> Spoken:
        """Speak the rest."""
        self.recital.feed(text)
        await self.recital.finish()
        return await self.end()
