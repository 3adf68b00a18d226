"""Pictures of pages made easier to read: dark on light, large enough, straight, without lines.

For child processes alone, since it opens what strangers sent.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, pairwise
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageOps
from PIL.Image import Resampling

KINDS = ("JPEG", "PNG", "WEBP")
"""The formats that pictures come in."""

MOST = 64_000_000
"""Pixels that a picture may have."""

LONGEST = 4096
"""Pixels of the longest side that is looked at: letters of a page have 30 or more there."""

SMALLEST = 12
"""Pixels of the shortest side below which there is no room for a letter, and engines fail."""

SHORT = 1000
"""Pixels of the longest side below which letters are likely too small to be told apart."""

TILT = 15
"""Degrees by which a page may lie askew."""

_GROWTH = 3.0
_GLANCE = 400  # pixels of the longest side that show how a page lies
_CLEARLY = 1.5  # so much sharper must its lines be when it is turned
_AROUND = 15  # pixels around a line, which is thinner
_DARKER = 25  # shades by which ink is darker than what is around it
_LINE = 80  # pixels
_LINES = 12  # of the longest side: a line is no shorter than one of so many parts
_STEM = 8  # of a letter's height is the thickness of its strokes, at the least
_FULL = 240  # of 255

Reach = tuple[int, int]
"""Pixels to the left and right, and up and down."""


def straightened(path: Path) -> Image.Image | None:
    """The page in a file as an engine reads it best, None where there is no room for a letter.

    Raises ValueError where the file is no picture that is taken.
    """
    page = _resized(_opened(path))
    if min(page.size) < SMALLEST:
        return None
    return _without_lines(_upright(_dark_on_light(page)))


def _opened(path: Path) -> Image.Image:
    """The picture in shades of grey."""
    try:
        with Image.open(path, formats=KINDS) as picture:
            if picture.width * picture.height > MOST:
                raise ValueError("too many pixels")
            picture.draft("L", (LONGEST, LONGEST))
            return picture.convert("L")
    except (OSError, SyntaxError) as error:
        raise ValueError("no picture") from error


def _resized(picture: Image.Image) -> Image.Image:
    longest = max(picture.size)
    scale = min(LONGEST / longest, max(1.0, min(_GROWTH, SHORT / longest)))
    if scale == 1:
        return picture
    size = [max(1, round(side * scale)) for side in picture.size]
    return picture.resize((size[0], size[1]), Resampling.LANCZOS)


def _dark_on_light(page: Image.Image) -> Image.Image:
    """Turn light letters on a dark ground into dark ones; letters stand out more than paper."""
    around = page.filter(ImageFilter.BoxBlur(_AROUND))
    light = _weight(ImageChops.subtract(page, around))
    return ImageOps.invert(page) if light > _weight(ImageChops.subtract(around, page)) else page


def _weight(differences: Image.Image) -> int:
    """A few large differences weigh more than many small ones."""
    return sum(count * shade**3 for shade, count in enumerate(differences.histogram()))


def _upright(page: Image.Image) -> Image.Image:
    angle = _tilt(_glance(page))
    if not angle:
        return page
    return page.rotate(angle, Resampling.BICUBIC, expand=True, fillcolor=_paper(page))


def _tilt(page: Image.Image) -> float:
    """The degrees to turn a page by, so that its lines of text lie level; 0 where none are seen."""
    paper = _paper(page)

    def sharpness(angle: float) -> int:
        """How much neighbouring rows differ: most where whole lines lie in them."""
        turned = page.rotate(angle, Resampling.BILINEAR, fillcolor=paper)
        rows = turned.resize((1, turned.height), Resampling.BOX).tobytes()
        return sum((one - other) ** 2 for one, other in pairwise(rows))

    coarse = max(range(-TILT, TILT + 1), key=sharpness)
    best = max((coarse + quarter / 4 for quarter in range(-3, 4)), key=sharpness)
    return best if sharpness(best) > _CLEARLY * sharpness(0) else 0.0


def _paper(page: Image.Image) -> int:
    """The shade that as much of the page is lighter than as is darker."""
    counts = list(accumulate(_glance(page).histogram()))
    return bisect_left(counts, counts[-1] / 2)


def _glance(page: Image.Image) -> Image.Image:
    small = page.copy()
    small.thumbnail((_GLANCE, _GLANCE), Resampling.BOX)
    return small


def _without_lines(page: Image.Image) -> Image.Image:
    """Wipe out the lines of tables and forms, which engines take for pictures."""
    around = page.filter(ImageFilter.BoxBlur(_AROUND))
    dark = ImageChops.subtract(around, page).point([255 * (more > _DARKER) for more in range(256)])
    length = max(_LINE, max(page.size) // _LINES) // 2
    across = _runs(dark, (length, 0), (0, length // _STEM))
    down = _runs(dark, (0, length), (length // _STEM, 0))
    lines = ImageChops.lighter(across, down).filter(ImageFilter.MaxFilter(3))
    return Image.composite(around, page, lines)


def _runs(dark: Image.Image, reach: Reach, thickness: Reach) -> Image.Image:
    """Dark that reaches so far both ways, without what is too thick as well."""
    long = _filled(dark, reach)
    return ImageChops.subtract(long, _filled(long, thickness))


def _filled(dark: Image.Image, reach: Reach) -> Image.Image:
    """What of the dark is covered by boxes that it fills; they reach so far from their middle."""
    box = ImageFilter.BoxBlur(reach)
    middles = dark.filter(box).point([255 * (share > _FULL) for share in range(256)])
    return middles.filter(box).point([255 * (share > 0) for share in range(256)])
