"""What a file is by its first bytes, whatever it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

HEAD = 64
"""Bytes that tell."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A form of recording: the ending of its files, and the reader that ffmpeg has for it."""

    ending: str
    reader: str


OGG = Kind(".ogg", "ogg")
MP3 = Kind(".mp3", "mp3")
MP4 = Kind(".m4a", "mov")
MATROSKA = Kind(".mkv", "matroska")
WAV = Kind(".wav", "wav")
FLAC = Kind(".flac", "flac")
AAC = Kind(".aac", "aac")
AMR = Kind(".amr", "amr")
AIFF = Kind(".aiff", "aiff")
CAF = Kind(".caf", "caf")
ASF = Kind(".wma", "asf")

_STARTS = (
    (b"OggS", OGG),
    (b"\x1a\x45\xdf\xa3", MATROSKA),
    (b"fLaC", FLAC),
    (b"#!AMR", AMR),
    (b"caff", CAF),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", ASF),
)
_ATOMS = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"})


def kind(file: BinaryIO) -> Kind | None:
    """Read the kind of an open file; None where it is no recording."""
    file.seek(0)
    head = file.read(HEAD)
    if head[:3] != b"ID3":
        return _told(head)
    # players write their tags before anything, pictures and all
    file.seek(_tag(head))
    return _told(file.read(HEAD)) or MP3


def _told(head: bytes) -> Kind | None:
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    if head[4:8] in _ATOMS:
        return MP4
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return WAV
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return AIFF
    return _frame(head)


def _frame(head: bytes) -> Kind | None:
    """MP3 and AAC have no beginning of their own, only frames."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4
    if layer == 0:
        return AAC if head[1] & 0xF0 == 0xF0 else None
    return MP3 if version != 1 and rate != 15 and head[2] >> 2 & 3 != 3 else None


def _tag(head: bytes) -> int:
    """The length of the tag at the beginning, seven bits a byte."""
    size = head[6:10]
    if len(size) < 4 or any(byte & 0x80 for byte in size):
        return 0
    return 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
