"""Files on the shelf, and what arrives of them."""

import struct
from typing import Any

from bot.delivery.body import Body
from bot.delivery.postman import Errand
from domain.messages import Attachment, Kind
from services.files import Shelf
from storage.outbox import Row

Record = dict[str, Any]


def ogg(seconds: int) -> bytes:
    """The frame of an Opus file, of which only the length can be told."""
    page = b"OggS\0\x04" + struct.pack("<q", seconds * 48_000) + b"\0" * 14
    return b"OggS\0\x02" + b"\0" * 22 + b"OpusHead" + page


NOTE = ogg(3)


def shelved(
    shelf: Shelf, kind: Kind = Kind.VOICE, body: bytes = NOTE, ending: str = ".ogg", name: str = ""
) -> Attachment:
    """A file that waits on the shelf."""
    shelf.folder.mkdir(exist_ok=True)
    file = shelf.folder.with_name("made")
    file.write_bytes(body)
    return Attachment(kind, shelf.put(file, ending), "audio/ogg", len(body), 3.2, name)


def errand(row: Row) -> Errand:
    """A row on its way for the first time."""
    assert row.body is not None
    return Errand(row, Body.from_json(row.body))


def kinds(messages: list[Record]) -> list[str]:
    """What each message is."""
    names = ("voice", "audio", "video", "animation", "photo", "document", "text")
    return [next(name for name in names if name in message) for message in messages]
