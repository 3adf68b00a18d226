"""Reads WAV files by what is in them, for their headers may say anything."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

RATES = range(4_000, 192_001)
CHANNELS = range(1, 9)
WIDTHS = (1, 2, 4)
CHUNKS = 64
"""So many parts of a file are looked at for the one with the samples."""

_PCM, _EXTENSIBLE = 1, 0xFFFE


class Misshapen(ValueError):
    """No WAV file, or one whose header makes no sense; the text says what is wrong."""


class Coded(ValueError):
    """A WAV file whose samples are not plain numbers of one, two or four bytes."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the samples are: `start` in bytes; a frame has one sample a channel."""

    channels: int
    rate: int
    width: int
    start: int
    frames: int

    @property
    def frame(self) -> int:
        """The bytes of a frame."""
        return self.channels * self.width

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return self.frames / self.rate


@dataclass(frozen=True, slots=True)
class Wav:
    """An open WAV file, read in windows."""

    file: BinaryIO
    layout: Layout

    def read(self, begin: int, end: int) -> bytes:
        """The frames from `begin` up to `end`."""
        frame = self.layout.frame
        self.file.seek(self.layout.start + begin * frame)
        return self.file.read((end - begin) * frame)

    def windows(self, begin: int, end: int, most: int) -> Iterator[bytes]:
        """The same, so many frames at a time."""
        for at in range(begin, end, most):
            yield self.read(at, min(at + most, end))


@contextmanager
def opened(path: Path) -> Iterator[Wav]:
    """Open a file of plain samples; raises Misshapen or Coded."""
    with path.open("rb") as file:
        yield Wav(file, layout(file))


def layout(file: BinaryIO) -> Layout:
    """Find the samples; a length that is missing or cannot be is that of what is there."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(12)
    if head[:4] not in {b"RIFF", b"RF64"} or head[8:] != b"WAVE":
        raise Misshapen("it does not begin as WAV")
    form = b""
    for _ in range(CHUNKS):
        name, claimed = _chunk(file)
        if name == b"data":
            return _laid(form, file.tell(), claimed, size)
        start = file.tell()
        if name == b"fmt ":
            form = file.read(min(claimed, 40))
        file.seek(start + claimed + claimed % 2)
    raise Misshapen("it has no samples")


def _chunk(file: BinaryIO) -> tuple[bytes, int]:
    head = file.read(8)
    if len(head) < 8:
        raise Misshapen("it has no samples")
    return head[:4], struct.unpack("<I", head[4:])[0]


def _laid(form: bytes, start: int, claimed: int, size: int) -> Layout:
    if len(form) < 16:
        raise Misshapen("it does not say what its samples are")
    code, channels, rate, _, _, bits = struct.unpack("<HHIIHH", form[:16])
    if code == _EXTENSIBLE and len(form) >= 26:
        code = struct.unpack("<H", form[24:26])[0]
    if channels not in CHANNELS or rate not in RATES:
        raise Misshapen(f"it claims {channels} channels and {rate} samples a second")
    if code != _PCM or bits not in {8 * width for width in WIDTHS}:
        raise Coded(f"its samples have the form {code} and {bits} bits")
    there = max(size - start, 0)
    length = claimed if 0 < claimed <= there else there
    return Layout(channels, rate, bits // 8, start, length // (channels * bits // 8))
