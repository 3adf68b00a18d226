"""How many pixels a picture or a film of a shape has; a graph brings them within its limits."""

from __future__ import annotations

from collections.abc import Mapping

from services.drawing.wishes import Shape

Size = tuple[int, int]

PICTURES: Mapping[Shape, Size] = {
    Shape.USUAL: (0, 0),
    Shape.SQUARE: (1024, 1024),
    Shape.WIDE: (1216, 832),
    Shape.TALL: (832, 1216),
}
FILMS: Mapping[Shape, Size] = {
    Shape.USUAL: (0, 0),
    Shape.SQUARE: (960, 960),
    Shape.WIDE: (1280, 704),
    Shape.TALL: (704, 1280),
}
"""Width and height; (0, 0) leaves them to the graph, which also knows what it begins from."""
