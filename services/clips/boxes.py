"""Whether an MP4 begins to play before all of it is there, and whether it tells how it was made.

Its boxes say so, by their order and by what is in them.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

BOXES = 64
"""So many boxes are looked at: a file in pieces has more, and is no good for us anyway."""

HEAD = 4 << 20
"""Bytes in which the index of a short film ends."""

_GRAPH = b"class_type"  # each node of a graph has one


def streams(file: Path) -> bool:
    """Whether it is a plain MP4 with its index before its pictures.

    Files of QuickTime, and those that were written piece by piece, are not.
    """
    with file.open("rb") as opened:
        names = _names(opened)
        opened.seek(8)
        brand = opened.read(4)
    plain = names[:1] == [b"ftyp"] and brand != b"qt  " and b"moof" not in names
    index, pictures = (names.index(one) if one in names else -1 for one in (b"moov", b"mdat"))
    return plain and 0 <= index < pictures


def labelled(file: Path) -> bool:
    """Whether a generator has written its graph into the index, which comes first."""
    with file.open("rb") as opened:
        return _GRAPH in opened.read(HEAD)


def _names(opened: BinaryIO) -> list[bytes]:
    """The names of the outermost boxes, in their order."""
    end, at, names = opened.seek(0, 2), 0, list[bytes]()
    while at + 8 <= end and len(names) < BOXES:
        opened.seek(at)
        head = opened.read(16)
        size = int.from_bytes(head[:4], "big")
        if size == 1:  # a large one has its length after its name
            size = int.from_bytes(head[8:16], "big")
        names.append(head[4:8])
        if size < 8:  # 0 is: up to the end
            break
        at += size
    return names
