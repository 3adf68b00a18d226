"""Pictures made ready for a model; runs in a child, since decoders meet what strangers sent."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from services.opening.jpeg import QUALITY, SHORTEST, opaque, save
from services.opening.troubles import Trouble, Unreadable

LONGEST = 1568
"""Pixels that the longer side has at most: larger pictures cost more and show models no more."""

EMPTY = 0.97
"""The share of one shade from which on a damaged picture shows nothing."""

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "TIFF", "BMP", "DIB")
"""What is decoded; Pillow knows many more, and nobody sends those in good faith."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Measure:
    """How many `pixels` are taken, and how large and how good what is made of them will be."""

    pixels: int
    longest: int = LONGEST
    quality: int = QUALITY


def ready() -> None:
    """Teach Pillow HEIC, and leave the limits to us."""
    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # ours are looked at before anything is decoded


def convert(file: Path, into: Path, most: int, measure: Measure) -> list[dict[str, object]]:
    """Write each picture of a file as a JPEG: upright, small, opaque, without metadata.

    A TIFF gives up to `most` pages, all others their first frame. Raises Unreadable.
    """
    done: list[dict[str, object]] = []
    for number in range(most):
        picture = _frame(file, number, measure)
        if picture is None:
            break
        done.append(_written(picture, into / f"{file.name}.{number + 1}.jpg", measure))
    return done


def _written(picture: Image.Image, path: Path, measure: Measure) -> dict[str, object]:
    made = opaque(upright(_scaled(plain(picture), measure.longest)))
    return save(made, path, measure.quality)


def _frame(file: Path, number: int, measure: Measure) -> Image.Image | None:
    """Decode one frame, or None where there are no more."""
    try:
        return _decoded(file, number, measure)
    except BROKEN:
        picture = _rescued(file, number, measure)
    if picture is None and number == 0:
        raise Unreadable(Trouble.DAMAGED)
    return picture


BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError, RuntimeError),
    *(struct.error, zlib.error),
)
"""What decoders raise over damaged files."""


def _rescued(file: Path, number: int, measure: Measure) -> Image.Image | None:
    """Decode what is there of a damaged picture; None where that is nothing to look at."""
    with _leniently():
        try:
            picture = _decoded(file, number, measure)
        except BROKEN:
            return None
    return picture if picture and _shows_something(picture) else None


def _shows_something(picture: Image.Image) -> bool:
    """Whether it is more than the one colour that stands for what is missing."""
    shades = picture.convert("L").histogram()
    return max(shades) < EMPTY * sum(shades)


@contextmanager
def _leniently() -> Iterator[None]:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _decoded(file: Path, number: int, measure: Measure) -> Image.Image | None:
    try:
        picture: Image.Image = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Unreadable(Trouble.DAMAGED) from error
    with picture:
        if number and (picture.format != "TIFF" or number >= getattr(picture, "n_frames", 1)):
            return None
        if number:
            picture.seek(number)
        check(picture.size, measure.pixels)
        picture.draft("RGB", (measure.longest, measure.longest))
        picture.load()
        return picture


def check(size: Size, pixels: int) -> None:
    """Raise Unreadable where a picture has more pixels than are taken."""
    if size[0] * size[1] > pixels:
        raise Unreadable(Trouble.PIXELS, size[0] * size[1])


def plain(picture: Image.Image) -> Image.Image:
    """Eight bits a channel, and alpha where there is any; what EXIF says is kept for a moment."""
    if picture.mode in {"RGB", "L", "RGBA"}:
        return picture
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode == "1":
        return picture.convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _scaled(picture: Image.Image, longest: int) -> Image.Image:
    """No larger than it may be; specks are made large enough to be seen."""
    longer = max(picture.size)
    if longer > longest:
        return _resized(picture, longest / longer, Image.Resampling.LANCZOS)
    if longer < SHORTEST:
        return _resized(picture, -(-SHORTEST * 2 // longer), Image.Resampling.NEAREST)
    return picture


def _resized(picture: Image.Image, by: float, how: Image.Resampling) -> Image.Image:
    size = (max(1, round(picture.width * by)), max(1, round(picture.height * by)))
    scaled = picture.resize(size, how, reducing_gap=3.0)
    scaled.info = picture.info
    return scaled


def upright(picture: Image.Image) -> Image.Image:
    """Turn it as EXIF says, where that can be understood."""
    try:
        return ImageOps.exif_transpose(picture)
    except BROKEN:
        return picture
