"""Small pictures of one colour."""

import struct
import zlib


def png(red: int, wide: int = 64, high: int = 48) -> bytes:
    """A picture that tells its shade of red."""
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes((red, 20, 20)) * wide) * high
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*chunks, strict=True)))


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check
