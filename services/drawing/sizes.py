"""How many pixels a picture or a film has, by its shape or by the picture that it begins from."""

from __future__ import annotations

import math
from collections.abc import Mapping

from services.drawing.wishes import Shape

Size = tuple[int, int]

STEP = 16
"""Models want sizes that this divides."""

PICTURES: Mapping[Shape, Size] = {
    Shape.SQUARE: (1024, 1024),
    Shape.WIDE: (1216, 832),
    Shape.TALL: (832, 1216),
}
FILMS: Mapping[Shape, Size] = {
    Shape.SQUARE: (640, 640),
    Shape.WIDE: (832, 480),
    Shape.TALL: (480, 832),
}
NARROWEST = 1 / 2.5
"""How narrow something may be at the most, whatever it begins from."""


def sized(shape: Shape, known: Mapping[Shape, Size], start: Size | None) -> Size:
    """Width and height; (0, 0) leaves them to the graph."""
    if shape is not Shape.USUAL:
        return known[shape]
    return (0, 0) if start is None else _like(start, known[Shape.SQUARE])


def _like(start: Size, usual: Size) -> Size:
    """As many pixels as usual, in the shape of the picture at the start."""
    ratio = min(max(start[0] / start[1], NARROWEST), 1 / NARROWEST)
    area = usual[0] * usual[1]
    return _stepped(math.sqrt(area * ratio)), _stepped(math.sqrt(area / ratio))


def _stepped(pixels: float) -> int:
    return max(STEP, round(pixels / STEP) * STEP)
