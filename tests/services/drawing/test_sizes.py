"""How large pictures become."""

from hypothesis import given
from hypothesis import strategies as st

from services.drawing.sizes import FILMS, NARROWEST, PICTURES, STEP, sized
from services.drawing.wishes import Shape

sides = st.integers(1, 20_000)


def test_without_a_wish_the_graph_decides() -> None:
    """Nobody knows better."""
    assert (0, 0) == sized(Shape.USUAL, PICTURES, None)


def test_a_shape_is_a_size() -> None:
    """Wide is wider than it is high, tall the other way round."""
    for known in (PICTURES, FILMS):
        wide, tall = sized(Shape.WIDE, known, None), sized(Shape.TALL, known, (3, 4))
        assert wide[0] > wide[1]
        assert tall == wide[::-1]


@given(sides, sides)
def test_what_begins_from_a_picture_has_its_shape(width: int, height: int) -> None:
    """About as many pixels as usual, in steps that models take, and never a thread."""
    got = sized(Shape.USUAL, PICTURES, (width, height))
    assert got[0] % STEP == got[1] % STEP == 0
    assert 0.9 < got[0] * got[1] / 1024**2 < 1.1
    ratio = min(max(width / height, NARROWEST), 1 / NARROWEST)
    assert abs(got[0] / got[1] - ratio) < 0.1 * ratio
