"""What a growing answer is made of, in the order in which it was written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Mark(Enum):
    """What stands between words."""

    LINE = auto()
    """A line ends, and its sentence may go on in the next one."""
    BLOCK = auto()
    """A paragraph, a heading or an item of a list ends."""


class Thing(Enum):
    """What cannot be read aloud, only named."""

    CODE_BLOCK = auto()
    TABLE = auto()
    FORMULA_BLOCK = auto()
    CODE = auto()
    FORMULA = auto()
    LINK = auto()


@dataclass(frozen=True, slots=True)
class Word:
    """A word with the signs around it, or code, a link or a formula with all its spaces.

    `apart` is false where no space stands before it, as between Chinese sentences.
    """

    text: str
    apart: bool = True


Piece = Word | Mark | Thing
