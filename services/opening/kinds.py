"""What a file is by its first bytes, whatever it is called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

HEAD = 4096
"""Bytes that tell."""


class Family(StrEnum):
    """What is done with a file depends on this."""

    PICTURE = "picture"
    PDF = "pdf"
    ZIP = "zip"  # an office document, a book, or an archive: its members tell
    RTF = "rtf"
    OLD_OFFICE = "old office"
    ARCHIVE = "archive"
    PROGRAM = "program"
    SOUND = "sound"
    OTHER = "other"  # text, or bytes that mean nothing to us


@dataclass(frozen=True, slots=True)
class _Mark:
    """Bytes that files of a family have at a place."""

    family: Family
    text: bytes
    at: int = 0


_MARKS = (
    _Mark(Family.PICTURE, b"\xff\xd8\xff"),
    _Mark(Family.PICTURE, b"\x89PNG\r\n\x1a\n"),
    _Mark(Family.PICTURE, b"GIF87a"),
    _Mark(Family.PICTURE, b"GIF89a"),
    _Mark(Family.PICTURE, b"WEBP", 8),
    _Mark(Family.PICTURE, b"II*\x00"),
    _Mark(Family.PICTURE, b"MM\x00*"),
    _Mark(Family.PICTURE, b"II+\x00"),
    _Mark(Family.PICTURE, b"MM\x00+"),
    _Mark(Family.RTF, b"{\\rtf"),
    _Mark(Family.OLD_OFFICE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    _Mark(Family.ZIP, b"PK\x03\x04"),
    _Mark(Family.ARCHIVE, b"PK\x05\x06"),
    _Mark(Family.ARCHIVE, b"PK\x07\x08"),
    _Mark(Family.ARCHIVE, b"Rar!\x1a\x07"),
    _Mark(Family.ARCHIVE, b"7z\xbc\xaf\x27\x1c"),
    _Mark(Family.ARCHIVE, b"\x1f\x8b"),
    _Mark(Family.ARCHIVE, b"BZh"),
    _Mark(Family.ARCHIVE, b"\xfd7zXZ\x00"),
    _Mark(Family.ARCHIVE, b"\x28\xb5\x2f\xfd"),
    _Mark(Family.ARCHIVE, b"\x04\x22\x4d\x18"),
    _Mark(Family.ARCHIVE, b"MSCF"),
    _Mark(Family.ARCHIVE, b"!<arch>\n"),
    _Mark(Family.ARCHIVE, b"ustar", 257),
    _Mark(Family.PROGRAM, b"MZ"),
    _Mark(Family.PROGRAM, b"\x7fELF"),
    _Mark(Family.PROGRAM, b"\xcf\xfa\xed\xfe"),
    _Mark(Family.PROGRAM, b"\xce\xfa\xed\xfe"),
    _Mark(Family.PROGRAM, b"\xca\xfe\xba\xbe"),
    _Mark(Family.PROGRAM, b"\x00asm"),
    _Mark(Family.PROGRAM, b"dex\n"),
    _Mark(Family.SOUND, b"OggS"),
    _Mark(Family.SOUND, b"ID3"),
    _Mark(Family.SOUND, b"fLaC"),
    _Mark(Family.SOUND, b"\x1a\x45\xdf\xa3"),
    _Mark(Family.SOUND, b"WAVE", 8),
    _Mark(Family.SOUND, b"AVI ", 8),
)
_STILL = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)
"""Brands of pictures in the box that films use, too."""


def family(head: bytes) -> Family:
    """Tell the family of a file by its first bytes."""
    if head[4:8] == b"ftyp":
        return Family.PICTURE if head[8:12] in _STILL else Family.SOUND
    for mark in _MARKS:
        if head.startswith(mark.text, mark.at) and _sure(mark, head):
            return mark.family
    if b"%PDF-" in head[:1024]:  # where readers look for it
        return Family.PDF
    return Family.PICTURE if _bitmap(head) else Family.OTHER


def _sure(mark: _Mark, head: bytes) -> bool:
    """Letters may begin a text as well; a program is no text."""
    return mark.text not in {b"MZ", b"BZh", b"ID3", b"MSCF"} or b"\x00" in head


def _bitmap(head: bytes) -> bool:
    """BMP has a beginning of two letters, and a length of its second header."""
    return head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in {12, 40, 52, 56, 108, 124}
