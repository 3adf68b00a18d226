"""What a film is by its first bytes, whatever it is called and whatever its server says."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

HEAD = 4096
"""Bytes that tell."""

STILL, DAMAGED, LARGE = 3, 4, 5
"""How the child ends that finds nothing to unpack: with these codes."""


class Form(Enum):
    """What a file is; the value is the reader that ffmpeg has for it."""

    MP4 = "mov"
    MATROSKA = "matroska"
    AVI = "avi"
    DRAWN = ""
    """A picture: ffmpeg reads not all that move, and none of them in every build."""


_PICTURES = (b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff")
_ATOMS = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})
_DRAWN = frozenset({b"heic", b"heix", b"mif1", b"avif", b"avis"})
"""Brands of pictures in the box that films use, too."""


def form(file: Path) -> Form | None:
    """Read the form of a file; None where it is neither film nor picture."""
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Form.DRAWN
    if head[4:8] == b"ftyp" and head[8:12] in _DRAWN:
        return Form.DRAWN
    if head[4:8] in _ATOMS:
        return Form.MP4
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return Form.MATROSKA
    return Form.AVI if head[:4] == b"RIFF" and head[8:12] == b"AVI " else None
