"""Sizes and lengths of films, read from the boxes of an MP4 file without decoding it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_INNER = frozenset((b"moov", b"trak"))
_DEEPEST = 2
_MOST = 1000
"""Boxes that are looked at; a real film has a few dozen of them."""


@dataclass(frozen=True, slots=True)
class Film:
    """What a film says of itself; zero where it does not."""

    width: int = 0
    height: int = 0
    seconds: float = 0.0


def film(body: bytes) -> Film:
    """Read what can be read; a file that is no film says nothing."""
    width = height = 0
    seconds = 0.0
    try:
        for _, (name, box) in zip(range(_MOST), _boxes(memoryview(body), 0), strict=False):
            if name == b"mvhd":
                seconds = _length(box)
            elif name == b"tkhd" and not width:
                width, height = (side >> 16 for side in struct.unpack(">II", box[-8:]))
    except struct.error:
        pass  # it is cut off: what came before stands
    return Film(width, height, seconds)


def _boxes(body: memoryview, depth: int) -> Iterator[tuple[bytes, memoryview]]:
    """Yield the boxes in their order, and those inside of the ones that matter."""
    at = 0
    while at + 8 <= len(body):
        size, name = struct.unpack(">I4s", body[at : at + 8])
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", body[at + 8 : at + 16])
            head = 16
        size = size or len(body) - at
        if size < head:
            return
        box = body[at + head : at + size]
        yield name, box
        if name in _INNER and depth < _DEEPEST:
            yield from _boxes(box, depth + 1)
        at += size


def _length(box: memoryview) -> float:
    """How long a film runs, by its movie header of either version."""
    (version,) = struct.unpack(">B", box[:1])
    scale, units = struct.unpack(">IQ" if version else ">II", box[20:32] if version else box[12:20])
    return float(units / scale) if scale else 0.0
