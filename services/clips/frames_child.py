"""A child process: unpacks a moving picture (WebP, PNG, GIF) into plain frames, for ffmpeg.

What goes to standard output is YUV4MPEG2, with as many frames a second as the shortest frame
asks for; longer ones come more than once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from services.clips.kinds import DAMAGED, LARGE, STILL

PIXELS = 1 << 23
"""Pixels that a frame may have."""

FORMATS = ("WEBP", "PNG", "GIF", "AVIF", "JPEG")
SHORTEST, USUAL = 20, 100
"""Milliseconds of a frame; browsers show those that claim less than the first as the second."""


def unpack(file: str, seconds: float, out: BinaryIO) -> int:
    """Write up to so many seconds of frames; return how it went, 0 where it went well."""
    try:
        picture = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        return DAMAGED
    with picture:
        if getattr(picture, "n_frames", 1) < 2:
            return STILL
        if picture.width * picture.height > PIXELS:
            return LARGE
        _write(picture, _times(picture, int(seconds * 1000)), out)
    return 0


def _times(picture: Image.Image, most: int) -> list[int]:
    """The milliseconds of each frame, up to so many in all."""
    times, left = list[int](), most
    for number in range(getattr(picture, "n_frames", 1)):
        picture.seek(number)
        picture.load()  # WebP tells it only then
        told = int(picture.info.get("duration", 0))
        times.append(min(told if told >= SHORTEST else USUAL, left))
        left -= times[-1]
        if left <= 0:
            break
    return times


def _write(picture: Image.Image, times: list[int], out: BinaryIO) -> None:
    rate = Fraction(1000, _beat(times))
    size = f"W{picture.width} H{picture.height} F{rate.numerator}:{rate.denominator}"
    out.write(f"YUV4MPEG2 {size} Ip A1:1 C444 XCOLORRANGE=FULL\n".encode())
    for number, times_over in enumerate(_repeats(times)):
        frame = _frame(picture, number) if times_over else b""
        out.writelines(b"FRAME\n" + frame for _ in range(times_over))


def _beat(times: list[int]) -> int:
    """The milliseconds between frames: rounding alone makes no frame longer than another."""
    if max(times) - min(times) <= 2:
        return round(sum(times) / len(times))
    return max(min(times[:-1] or times), SHORTEST)


def _repeats(times: list[int]) -> Iterator[int]:
    """How many times each frame is written, so that each begins when it should."""
    beat, elapsed, written = _beat(times), 0, 0
    for one in times:
        elapsed += one
        due = round(elapsed / beat)
        yield due - written
        written = due


def _frame(picture: Image.Image, number: int) -> bytes:
    """Three planes; what can be seen through stands on white."""
    picture.seek(number)
    clear = picture.convert("RGBA")
    sheet = Image.new("RGBA", clear.size, "white")
    sheet.alpha_composite(clear)
    planes = sheet.convert("RGB").convert("YCbCr").split()
    return b"".join(plane.tobytes() for plane in planes)


def main(file: str, seconds: str) -> int:
    """Unpack the file that is named, and say how it went by the code."""
    out = sys.stdout.buffer
    try:
        code = unpack(file, float(seconds), out)
        out.flush()
    except BrokenPipeError:
        os._exit(0)  # who reads has enough, and Python would complain once more
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return DAMAGED
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
