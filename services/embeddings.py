"""Vectors of texts, as embedding models send them and as they are stored."""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Sequence
from typing import Any

from domain.errors import BackendNonsense

MOST_NUMBERS = 8192
"""Numbers of a vector; a longer one is none that could be stored."""


def floats(server: str, listed: Any, wanted: int) -> Sequence[bytes]:
    """The vectors as 32-bit floats, lowest byte first.

    Raises BackendNonsense where there are not as many as wanted, or one has no direction.
    """
    if not isinstance(listed, list) or len(listed) != wanted:
        raise BackendNonsense(server, "there is not one vector for each text")
    try:
        return [_bytes(array("f", vector)) for vector in listed]
    except (TypeError, ValueError, OverflowError):
        raise BackendNonsense(server, "its vectors have another shape") from None


def in_order(answer: Any) -> Any:
    """The vectors of an answer in OpenAI's shape, None where it has another."""
    try:
        return [one["embedding"] for one in sorted(answer["data"], key=lambda one: one["index"])]
    except (TypeError, KeyError):
        return None


def _bytes(numbers: array[float]) -> bytes:
    # what is not a number is not above 0, either
    if len(numbers) > MOST_NUMBERS or not 0 < math.hypot(*numbers) < math.inf:
        raise ValueError("no direction")
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
