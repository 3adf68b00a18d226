"""What a prompt has made: the files that its history names, and what they truly are."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

_STILL = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
_MOVING = {".mp4", ".m4v", ".webm", ".mov", ".mkv", ".avi", ".gif"}
_EITHER = {".webp", ".png", ".apng"}
_PICTURES = {b"avif", b"avis", b"heic", b"heix", b"mif1"}  # they come in a film's container
_HEAD = 64 << 10  # bytes in which a file says what it is


@dataclass(frozen=True, slots=True)
class Output:
    """A file at the server; `moves` is what its name and its format say, which may be wrong."""

    filename: str
    subfolder: str
    type: str
    moves: bool

    @property
    def names(self) -> Mapping[str, str]:
        """What the server wants to hear for it."""
        return {"filename": self.filename, "subfolder": self.subfolder, "type": self.type}

    @property
    def ending(self) -> str:
        """The ending of its name."""
        return PurePosixPath(self.filename).suffix.lower()


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is by its bytes; sizes are 0 where they do not stand at its beginning."""

    mime: str
    moves: bool
    width: int = 0
    height: int = 0


def outputs(entry: Mapping[str, Any]) -> list[Output]:
    """All files of a history entry, those to be kept before those for a glance."""
    nodes = entry.get("outputs")
    found = [
        one
        for made in (nodes.values() if isinstance(nodes, dict) else ())
        if isinstance(made, dict)
        for one in _of_a_node(made)
    ]
    return sorted(found, key=lambda one: one.type != "output")


def stills(entry: Mapping[str, Any]) -> list[Output]:
    """The pictures; what is only for a glance counts where there is nothing else."""
    found = [one for one in outputs(entry) if not one.moves and one.ending in _STILL]
    return [one for one in found if one.type == found[0].type]


def films(entry: Mapping[str, Any]) -> list[Output]:
    """The films, the likeliest first."""
    found = [one for one in outputs(entry) if one.moves or one.ending in _MOVING]
    return sorted(found, key=lambda one: (one.type != "output", one.ending not in _MOVING))


def kind(path: Path) -> Kind | None:
    """Tell what a file is from its bytes, None where nobody knows."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for look in (_png, _jpeg, _webp, _gif, _container):
        if found := look(head):
            return found
    return None


def _of_a_node(made: Mapping[str, Any]) -> Iterator[Output]:
    animated = made.get("animated") in ([True], (True,), True)
    for listed in made.values():
        for item in listed if isinstance(listed, list) else ():
            if isinstance(item, dict) and isinstance(item.get("filename"), str):
                yield _output(item, animated)


def _output(item: Mapping[str, Any], animated: bool) -> Output:
    name, told = item["filename"], str(item.get("format") or "")
    ending = PurePosixPath(name).suffix.lower()
    may = animated or told in {"image/gif", "image/webp", "image/apng"}
    moves = ending in _MOVING or told.startswith("video/") or (ending in _EITHER and may)
    return Output(name, str(item.get("subfolder") or ""), str(item.get("type") or "output"), moves)


def _png(head: bytes) -> Kind | None:
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or len(head) < 24:
        return None
    width, height = struct.unpack(">II", head[16:24])
    return Kind("image/png", b"acTL" in head, width, height)


def _jpeg(head: bytes) -> Kind | None:
    if not head.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        marker, length = head[at + 1], int.from_bytes(head[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return Kind("image/jpeg", moves=False, width=width, height=height)
        at += 2 + length
    return Kind("image/jpeg", moves=False)


def _webp(head: bytes) -> Kind | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP" or len(head) < 30:
        return None
    if head[12:16] == b"VP8X":
        width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
        return Kind("image/webp", bool(head[20] & 2), width, height)
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return Kind("image/webp", False, 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    width, height = (one & 0x3FFF for one in struct.unpack("<HH", head[26:30]))
    return Kind("image/webp", False, width, height)


def _gif(head: bytes) -> Kind | None:
    if head[:6] not in {b"GIF87a", b"GIF89a"} or len(head) < 10:
        return None
    return Kind("image/gif", True, *struct.unpack("<HH", head[6:10]))


def _container(head: bytes) -> Kind | None:
    """Films: the sizes of theirs stand somewhere inside."""
    if head[4:8] == b"ftyp" and head[8:12] not in _PICTURES:
        return Kind("video/quicktime" if head[8:12] == b"qt  " else "video/mp4", moves=True)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return Kind("video/webm" if b"webm" in head[:64] else "video/x-matroska", moves=True)
    return Kind("video/x-msvideo", moves=True) if head[8:12] == b"AVI " else None
