"""What stands beside a graph: its title, what it takes where nobody says, and its limits.

That is the file with the name of the graph that ends in `.toml`; every part of it may be missing.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

from domain.errors import ConfigError

IMAGE, VIDEO = "image", "video"
_RULE = re.compile(r"\s*([1-9]\d*)\s*n\s*(?:\+\s*(\d+))?\s*")
_WORDS = {str: "a text in quotes", bool: "true or false", int: "a whole number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is taken where nobody says; 0 is for what the kind of the graph has."""

    width: int = 0
    height: int = 0
    steps: int = 20
    fps: float = 16.0
    seconds: float = 4.0
    negative: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a graph can do at most; 0 is without a limit.

    Sizes in pixels are a multiple of `multiple_of`; `frames` says which numbers of pictures a film
    may have, as "4n+1".
    """

    max_seconds: float = 0.0
    max_side: int = 0
    max_pixels: int = 0
    multiple_of: int = 8
    frames: str = ""

    def rule(self) -> tuple[int, int]:
        """The two numbers of the rule for `frames`."""
        found = _RULE.fullmatch(self.frames)
        return (int(found[1]), int(found[2] or 0)) if found else (1, 0)


@dataclass(frozen=True, slots=True)
class Card:
    """What a graph's file of settings says; `kind` is empty where it is left to be guessed.

    `english` is for those who understand nothing else; `upscale` for those that enlarge a picture.
    """

    title: str = ""
    kind: str = ""
    english: bool = False
    upscale: bool = False
    defaults: Defaults = Defaults()
    limits: Limits = Limits()


def card(path: Path) -> Card:
    """Read the file, which need not be there; raises ConfigError that names file and key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Card()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    inner = {"defaults": Defaults, "limits": Limits}
    made = {name: _read(cls, raw.pop(name, {}), path, f"[{name}] ") for name, cls in inner.items()}
    found: Card = _read(Card, raw, path, "", made)
    _examine(found, path)
    return found


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like it, empty where none is known."""
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.0)), "")


def _read(
    cls: type[Any], raw: object, path: Path, table: str, made: Mapping[str, object] | None = None
) -> Any:
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: {table.strip()}: wanted a table")
    hints = get_type_hints(cls)
    known = [one.name for one in fields(cls)]
    values = dict(made or {})
    for key, value in raw.items():
        if key not in known:
            near = nearest(key, known)
            raise ConfigError(f'{path}: {table}{key}: unknown key; the nearest known is "{near}"')
        values[key] = _fit(value, hints[key], f"{path}: {table}{key}")
    return cls(**values)


def _fit(value: object, kind: type, place: str) -> object:
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise ConfigError(f"{place}: wanted {_WORDS[kind]}")
    if isinstance(value, int | float) and value < 0:
        raise ConfigError(f"{place}: must not be below 0")
    return value


def _examine(found: Card, path: Path) -> None:
    if found.kind not in {"", IMAGE, VIDEO}:
        raise ConfigError(f'{path}: kind: wanted "{IMAGE}" or "{VIDEO}"')
    if found.limits.frames and not _RULE.fullmatch(found.limits.frames):
        raise ConfigError(f'{path}: [limits] frames: must look like "4n+1"')
    if not (found.limits.multiple_of and found.defaults.fps and found.defaults.steps):
        raise ConfigError(f"{path}: multiple_of, fps and steps must not be 0")
