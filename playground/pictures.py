"""Sizes and lengths, read from the first and last bytes of a file without decoding it."""

import struct
from collections.abc import Callable

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_OPUS_RATE = 48_000


def picture_size(body: bytes) -> tuple[int, int] | None:
    """Tell the width and height of a picture; None if it is none that is known."""
    for sign, reader in _READERS:
        if body.startswith(sign):
            try:
                return reader(body)
            except (struct.error, IndexError):
                return None
    return None


def _png(body: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", body[16:24])
    return width, height


def _gif(body: bytes) -> tuple[int, int]:
    width, height = struct.unpack("<HH", body[6:10])
    return width, height


def _webp(body: bytes) -> tuple[int, int] | None:
    form = body[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
    if form == b"VP8L":
        bits = int.from_bytes(body[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    width, height = struct.unpack("<HH", body[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _jpeg(body: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(body) and body[at] == 0xFF:
        marker, length = body[at + 1], int.from_bytes(body[at + 2 : at + 4], "big")
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return width, height
        at += 2 + max(length, 2)
    return None


_READERS: tuple[tuple[bytes, Callable[[bytes], tuple[int, int] | None]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"GIF8", _gif),
    (b"\xff\xd8", _jpeg),
    (b"RIFF", _webp),
)


def sound_seconds(body: bytes) -> int:
    """Tell the length of an OGG/Opus or WAV file in whole seconds; 0 if it is another."""
    if body.startswith(b"OggS"):
        last = body.rfind(b"OggS")
        granules = int.from_bytes(body[last + 6 : last + 14], "little", signed=True)
        return max(0, round(granules / _OPUS_RATE))
    if body.startswith(b"RIFF") and body[8:12] == b"WAVE" and len(body) >= 44:
        rate = int.from_bytes(body[28:32], "little")
        return round((len(body) - 44) / rate) if rate else 0
    return 0
