"""Whether the text layer of a page can be seen by whoever looks at the page."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, NamedTuple

from pypdfium2 import raw  # type: ignore[import-untyped]

SAMPLES = 6
"""Characters of a page that are looked at: all of them would take longer than reading does."""

HIDDEN = 0.2
"""The share of hidden characters from which on the layer is not what the page shows."""

TINY = 1.0
"""Points of height that nobody can read."""

PALE = 245
"""From here on a colour may be white on white."""

FAINT = 32
"""Below so much of 255 a colour is not seen."""

CONTRAST = 24
"""Shades that must lie between a character and what is around it."""

_UNSEEN_MODES = frozenset({raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP})
_SPACES = frozenset({0, 9, 10, 13, 32, 0xA0})


class Box(NamedTuple):  # made for each character that is looked at, so it has to be cheap
    """Where something is on a page, in points from the lower left."""

    left: float
    bottom: float
    right: float
    top: float

    def touches(self, other: Box) -> bool:
        """Whether they have a point in common."""
        across = self.left <= other.right and other.left <= self.right
        return across and self.bottom <= other.top and other.bottom <= self.top


class Glass:
    """Looks at the characters of layers; where pdfium writes its answers is made once."""

    def __init__(self) -> None:
        self._sides = tuple(ctypes.c_double() for _ in range(4))
        self._parts = tuple(ctypes.c_uint() for _ in range(4))

    def box(self, layer: Any, at: int) -> Box:
        """Where a character is."""
        raw.FPDFText_GetCharBox(layer, at, *self._sides)
        left, right, bottom, top = (one.value for one in self._sides)
        return Box(left, bottom, right, top)

    def pale(self, layer: Any, at: int) -> bool:
        """Whether a character may be white on white, or is next to nothing."""
        if not raw.FPDFText_GetFillColor(layer, at, *self._parts):
            return False
        red, green, blue, alpha = (one.value for one in self._parts)
        return alpha < FAINT or min(red, green, blue) >= PALE

    def unseen(self, layer: Any, at: int, sheet: Box) -> bool:
        """Whether nobody can see it whatever its colour, or nobody knows what it is."""
        piece = raw.FPDFText_GetTextObject(layer, at)
        if piece and raw.FPDFTextObj_GetTextRenderMode(piece) in _UNSEEN_MODES:
            return True
        if raw.FPDFText_HasUnicodeMapError(layer, at) == 1:
            return True
        box = self.box(layer, at)
        return not box.touches(sheet) or self._tiny(layer, at, box)

    @staticmethod
    def _tiny(layer: Any, at: int, box: Box) -> bool:
        """Dots and dashes are low, but their font is not."""
        low = max(box.top - box.bottom, box.right - box.left) < TINY
        loose = raw.FS_RECTF()
        if not low or not raw.FPDFText_GetLooseCharBox(layer, at, loose):
            return False
        return bool(max(loose.top - loose.bottom, loose.right - loose.left) < 2 * TINY)


def hidden(page: Any, layer: Any, glass: Glass, draw: Callable[[], Any]) -> bool:
    """Whether much of the layer cannot be seen, or stands for unknown characters.

    `draw` gives the page as a grey picture, which few pages need.
    """
    marks, sheet = _printed(layer), raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, sheet)
    paper = Box(sheet.left, sheet.bottom, sheet.right, sheet.top)
    unseen = [at for at in marks if glass.unseen(layer, at, paper)]
    pale = [at for at in marks if glass.pale(layer, at) and at not in unseen]
    if len(unseen) + len(pale) <= HIDDEN * len(marks):
        return False
    seen = draw() if pale else None
    lost = [at for at in pale if not _stands_out(seen, page, glass.box(layer, at))]
    return len(unseen) + len(lost) > HIDDEN * len(marks)


def _printed(layer: Any) -> list[int]:
    """Characters from all over the page that are ink, as spaces are not."""
    count = raw.FPDFText_CountChars(layer)
    many = min(count, SAMPLES)
    spread = (at * count // many for at in range(many))
    return [at for at in spread if raw.FPDFText_GetUnicode(layer, at) not in _SPACES]


def _stands_out(seen: Any, page: Any, box: Box) -> bool:
    corners = (
        _pixel(seen, page, box.left, box.bottom),
        _pixel(seen, page, box.right, box.top),
    )
    (left, right), (top, bottom) = (sorted(ends) for ends in zip(*corners, strict=True))
    place = (max(0, left - 1), max(0, top - 1), right + 2, bottom + 2)
    if place[0] >= seen.width or place[1] >= seen.height or right < 0 or bottom < 0:
        return False
    shades = seen.crop((*place[:2], min(place[2], seen.width), min(place[3], seen.height)))
    low, high = shades.getextrema()
    return bool(high - low >= CONTRAST)


def _pixel(seen: Any, page: Any, across: float, up: float) -> tuple[int, int]:
    """Where a point of a page is drawn, however the page is turned."""
    x, y = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *seen.size, 0, across, up, x, y)
    return x.value, y.value
