"""What a link leads to, fetched as if somebody had sent it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from domain.errors import Broken, NotAllowed, Refused, TooBig
from domain.links import is_link
from domain.messages import Attachment
from services.files import Fetcher
from services.words import Voice, later


class Why(Enum):
    """What can be in the way of a visit."""

    FORBIDDEN = auto()
    """It is no public address, or not the usual way to one."""

    LOST = auto()
    """Nobody answers there, or not in time, or not to the end."""

    DENIED = auto()
    """The server does not give it."""

    LARGE = auto()
    """It has more bytes than may be."""

    ROUND = auto()
    """It sends us on and on."""


class VisitError(Exception):
    """A page cannot be had; `status` is HTTP's, 0 where there was none."""

    def __init__(self, why: Why, status: int = 0) -> None:
        super().__init__(why.name.lower())
        self.why = why
        self.status = status


class Visitor(Protocol):
    """Downloads pages of up to `most` bytes."""

    @property
    def most(self) -> int:
        """The bytes that a page may have."""

    async def save(self, address: str, file: Path) -> None:
        """Write the page into a file; raises VisitError, and leaves nothing behind then."""


_FORBIDDEN = later(
    "I do not open this address: it is not on the public internet. Please send me the page as a "
    "file instead."
)
_LOST = later(
    "This page could not be reached. Please look whether the link is right, and try again later."
)
_DENIED = later(
    "The server does not give me this page (it says {status}). If it opens in your browser, "
    "please save it there and send me the file."
)
_LARGE = later("This page is too big: I take up to {n} MB. Please send me a part of it as a file.")
_ROUND = later(
    "This link leads on and on and never arrives. Please send me the address of the page itself."
)

_SAID = MappingProxyType(
    {
        Why.FORBIDDEN: (NotAllowed, _FORBIDDEN),
        Why.LOST: (Broken, _LOST),
        Why.DENIED: (Broken, _DENIED),
        Why.LARGE: (TooBig, _LARGE),
        Why.ROUND: (Broken, _ROUND),
    }
)


@dataclass(frozen=True, slots=True)
class Links:
    """Fetches links where the owner allows it, which are then `visits`; others bring the rest."""

    files: Fetcher
    visits: Visitor | None = None

    async def fetch(self, attachment: Attachment, into: Path, voice: Voice) -> Path:
        """Write a file or a page into this folder, and return where it is.

        Raises as any Fetcher does, and NotAllowed where links or this address are not opened.
        """
        if not is_link(attachment.ref):
            return await self.files.fetch(attachment, into, voice)
        if self.visits is None:
            raise NotAllowed(
                voice(
                    "The owner of this bot has not allowed me to open links. Please send me the "
                    "page as a file, or its text."
                )
            )
        file = into / "page"
        try:
            await self.visits.save(attachment.ref, file)
        except VisitError as error:
            raise _refusal(error, self.visits.most, voice) from None
        return file


def _refusal(error: VisitError, most: int, voice: Voice) -> Refused:
    kind, text = _SAID[error.why]
    return kind(voice(text, status=error.status, n=most >> 20))
