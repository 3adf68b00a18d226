"""Takes from PNG and JPEG what is not the picture, and leaves the picture as it is.

Generators write into a file how it was made: the whole graph, with the names of files.
"""

from __future__ import annotations

from collections.abc import Iterator

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT"}
)
_JPEG_KEPT = frozenset({0xE0, 0xE2, 0xEE})
"""Of a JPEG's applications: its own, the profile of its colours, and how they are turned."""

_SCAN, _COMMENT = 0xDA, 0xFE


def png(raw: bytes) -> bytes:
    """The pieces of a whole PNG that a picture is made of."""
    return _PNG_HEAD + b"".join(_pieces(raw))


def jpeg(raw: bytes) -> bytes:
    """The same of a whole JPEG; one of another make is returned as it is."""
    at, kept = 2, [raw[:2]]
    while raw[at : at + 1] == b"\xff" and at + 4 <= len(raw):
        kind, size = raw[at + 1], 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        if kind == _SCAN:
            return b"".join(kept) + raw[at:]
        application = 0xE0 <= kind <= 0xEF
        if kind != _COMMENT and (kind in _JPEG_KEPT or not application):
            kept.append(raw[at : at + size])
        at += size
    return raw


def _pieces(raw: bytes) -> Iterator[bytes]:
    at = len(_PNG_HEAD)
    while at + 12 <= len(raw):
        end = at + 12 + int.from_bytes(raw[at : at + 4], "big")
        if raw[at + 4 : at + 8] in _KEPT:
            yield raw[at:end]
        at = end
