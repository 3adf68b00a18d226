"""What somebody wants drawn or filmed, read from what they wrote behind the command.

Wishes stand anywhere in the text as `--wide`, `--seconds 6`, `--seed 7`, `--style name`; clients
that make one long dash of two hyphens do no harm. The same form is what a job is written down in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

LONGEST = 2000
"""Characters of a prompt; picture models read far less."""

LARGEST_SEED = 2**32 - 1
"""The largest that every node for random numbers takes."""


class Shape(StrEnum):
    """How wide a picture is in comparison with its height; the usual one is the graph's own."""

    USUAL = ""
    SQUARE = "square"
    WIDE = "wide"
    TALL = "tall"


@dataclass(frozen=True, slots=True)
class Wishes:
    """A prompt and what goes with it; 0 seconds and no seed leave the choice to others.

    With `larger` it is not drawn anew but enlarged; with `loops` a film is sent as a GIF.
    """

    prompt: str
    shape: Shape = Shape.USUAL
    seconds: float = 0.0
    seed: int | None = None
    style: str = ""
    larger: bool = False
    loops: bool = False

    @property
    def text(self) -> str:
        """The form that `read` reads back."""
        said = [f"--{self.shape.value}"] if self.shape else []
        said += [f"--seconds {self.seconds:g}"] if self.seconds else []
        said += [f"--seed {self.seed}"] if self.seed is not None else []
        said += [f"--style {self.style}"] if self.style else []
        said += ["--larger"] if self.larger else []
        said += ["--gif"] if self.loops else []
        return " ".join(filter(None, [self.prompt, *said]))


class Fault(StrEnum):
    """What keeps a wish from being fulfilled."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    SECONDS = "seconds"
    SEED = "seed"


class UnclearError(Exception):
    """Something in the wishes cannot be meant."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


_DASH = r"(?:(?<=\s)|^)(?:--|—|–)"
_FLAGS: Mapping[str, Mapping[str, Any]] = {
    "wide": {"shape": Shape.WIDE},
    "tall": {"shape": Shape.TALL},
    "square": {"shape": Shape.SQUARE},
    "larger": {"larger": True},
    "gif": {"loops": True},
}
_FLAG = re.compile(rf"{_DASH}(wide|tall|square|larger|gif)\b", re.IGNORECASE)
_KEY = re.compile(rf"{_DASH}(seconds|seed|style)(?:\s+|\s*=\s*)(\S+)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def read(text: str) -> Wishes:
    """The wishes of a text; raises UnclearError."""
    wishes = Wishes("")
    for found in _FLAG.finditer(text):
        wishes = replace(wishes, **_FLAGS[found[1].lower()])
    for found in _KEY.finditer(text):
        wishes = replace(wishes, **_VALUES[found[1].lower()](found[2]))
    prompt = _SPACES.sub(" ", _KEY.sub(" ", _FLAG.sub(" ", text))).strip()
    if len(prompt) > LONGEST:
        raise UnclearError(Fault.TOO_LONG)
    return replace(wishes, prompt=prompt)


def _seconds(value: str) -> Mapping[str, Any]:
    try:
        seconds = float(value.rstrip("sсc").replace(",", "."))
    except ValueError:
        raise UnclearError(Fault.SECONDS) from None
    if not 0 < seconds < 100_000:  # what is not a number fails here, too
        raise UnclearError(Fault.SECONDS)
    return {"seconds": seconds}


def _seed(value: str) -> Mapping[str, Any]:
    if not (value.isascii() and value.isdecimal() and int(value[:20]) <= LARGEST_SEED):
        raise UnclearError(Fault.SEED)
    return {"seed": int(value)}


_VALUES: Mapping[str, Callable[[str], Mapping[str, Any]]] = {
    "seconds": _seconds,
    "seed": _seed,
    "style": lambda value: {"style": value},
}
