"""How large pictures become."""

import pytest

from services.drawing.sizes import FILMS, PICTURES
from services.drawing.wishes import Shape


@pytest.mark.parametrize("known", [PICTURES, FILMS])
def test_every_shape_is_a_size(known: dict[Shape, tuple[int, int]]) -> None:
    """Wide is wider than it is high, tall the other way round; the usual is the graph's own."""
    assert {*Shape} == {*known}
    wide, tall = known[Shape.WIDE], known[Shape.TALL]
    assert wide[0] > wide[1]
    assert tall == wide[::-1]
    assert (0, 0) == known[Shape.USUAL]
    assert known[Shape.SQUARE][0] == known[Shape.SQUARE][1]
