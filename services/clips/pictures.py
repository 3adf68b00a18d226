"""The last look at a picture, before it is sent or before a generator begins from it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from domain.errors import BackendNonsense
from domain.messages import Attachment, Kind
from domain.pictures import Picture
from services.clips.checking import UPLOAD
from services.opening.opener import Opener
from services.opening.troubles import Trouble, Unreadable
from services.words import Voice

PHOTO_BYTES = 10 << 20
PHOTO_SIDES = 10_000
"""Pixels that width and height of a photo may have together."""

PHOTO_RATIO = 20
"""How many times longer than the other a side of a photo may be."""

_SHAPES = {
    Trouble.EMPTY: "an empty file in the place of a picture",
    Trouble.PIXELS: "a picture of too many pixels",
    Trouble.BYTES: "a picture of too many bytes",
    Trouble.NO_PICTURE: "bytes that are no picture",
    Trouble.SLOW: "a picture that takes too long to open",
}


@dataclass(frozen=True, slots=True)
class Sendable:
    """A picture as it is sent: `kind` is a photo, or a document where Telegram would spoil it."""

    picture: Picture
    kind: Kind
    size: int

    def attachment(self, ref: str, name: str = "") -> Attachment:
        """The same on the shelf, under this `ref`."""
        return Attachment(self.kind, ref, self.picture.mime, self.size, name=name)


async def sendable(opener: Opener, made: Path, room: Path, server: str) -> Sendable:
    """Look at what a server made, whatever it says of it, and write it as it is sent.

    Raises BackendNonsense for what is no picture, BackendUnavailable where nobody can look.
    """
    try:
        found = await opener.made(made, room, UPLOAD)
    except FileNotFoundError:
        raise BackendNonsense(server, "no picture, where one was promised") from None
    except Unreadable as trouble:
        reason = _SHAPES.get(trouble.trouble, "a damaged picture")
        raise BackendNonsense(server, reason) from trouble
    size = (await asyncio.to_thread(found.picture.path.stat)).st_size
    photo = found.opaque and _fits(found.picture, size)
    return Sendable(found.picture, Kind.PHOTO if photo else Kind.DOCUMENT, size)


async def start_picture(opener: Opener, photo: Path, room: Path, voice: Voice) -> Path:
    """The file that a generator begins from: upright, at most 2048 pixels, told of nothing else.

    Raises Unsupported, Broken or TooBig in the person's words.
    """
    return (await opener.start(photo, room, voice)).path


def _fits(picture: Picture, size: int) -> bool:
    """Whether Telegram takes it as a photo."""
    sides = sorted((picture.width, picture.height))
    fits = sum(sides) <= PHOTO_SIDES and sides[1] <= PHOTO_RATIO * sides[0]
    return fits and size <= PHOTO_BYTES
