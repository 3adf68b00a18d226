"""How the pieces that rapidocr finds become lines."""

import random

from hypothesis import given
from hypothesis import strategies as st

from services.rapidocr_child import Piece, text

cells = st.text("abcXYZ019", min_size=1, max_size=6)
tables = st.integers(1, 4).flatmap(
    lambda wide: st.lists(st.lists(cells, min_size=wide, max_size=wide), max_size=6)
)


@given(tables, st.randoms(use_true_random=False))
def test_rows_are_kept_in_whatever_order_pieces_are_found(
    table: list[list[str]], chance: random.Random
) -> None:
    """Each a little higher or lower than its neighbours, as in a photo."""
    pieces = [
        Piece(
            cell, across * 100.0, down * 40 + (jolt := chance.uniform(-7, 7)), down * 40 + 30 + jolt
        )
        for down, row in enumerate(table)
        for across, cell in enumerate(row)
    ]
    chance.shuffle(pieces)
    assert "\n".join(" ".join(row) for row in table) == text(pieces)


def test_what_is_left_of_letters_that_it_does_not_know_is_no_line() -> None:
    """It is as sure of the punctuation between them as of words."""
    pieces = [Piece(said, 0.0, down * 40.0, down * 40.0 + 30) for down, said in enumerate(SAID)]
    assert "Milk\nx 2026" == text(pieces)


SAID = ("Milk", "',     '", "   ,  .", " x    2026")
