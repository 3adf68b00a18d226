"""A table of the file becomes a record, or an error that names file, table and key."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.checks import Secret
from domain.errors import ConfigError

Record = TypeVar("Record")
Environ = Mapping[str, str]

_WORDS: Mapping[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody reads the file: which file, which table."""

    file: str
    table: str

    def error(self, key: str, why: str) -> ConfigError:
        """The error for the key, or for the whole table where the key is empty."""
        spot = f"{self.table} {key}".strip()
        return ConfigError(f"{self.file}: {spot}: {why}")

    def unknown(self, key: str, known: Iterable[str], kind: str = "key") -> ConfigError:
        """The error for what nobody knows, with the nearest that somebody does."""
        near = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.0)
        hint = f'; the nearest known {kind} is "{near[0]}"' if near else ""
        return self.error(key, f"unknown {kind}{hint}")


def open_toml(path: Path) -> dict[str, Any]:
    """Read a file of TOML; raises ConfigError with the line where it is broken."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error


def read(cls: type[Record], raw: object, place: Place, environ: Environ) -> Record:
    """Make the record of a table; what the table does not say keeps its default."""
    table = expect_table(raw, place)
    known = readable(cls)
    for key in table:
        if key not in known:
            raise place.unknown(key, known)
    hints = get_type_hints(cls)
    inner: dict[str, object] = {
        key: {} for key in known if is_dataclass(hints[key])
    }  # they may have secrets too
    values = {
        key: _value(known[key], hints[key], value, place, environ)
        for key, value in {**inner, **table}.items()
    }
    return make(cls, values, place, environ)


def make(cls: type[Record], values: dict[str, Any], place: Place, environ: Environ) -> Record:
    """Build the record, with its secrets from the environment; what it refuses is an error."""
    try:
        return cls(**values, **_secrets(cls, values, environ))
    except ValueError as error:
        raise place.error("", str(error)) from error


def readable(cls: type[Any]) -> dict[str, Field[Any]]:
    """The fields that the file may set."""
    return {one.name: one for one in fields(cls) if not one.metadata.get("resolved")}


def expect_table(raw: object, place: Place) -> Mapping[str, Any]:
    """The table itself; raises ConfigError where something else stands in its place."""
    if not isinstance(raw, dict):
        raise place.error("", f"wanted a table, found {_found(raw)}")
    return raw


def checked(one: Field[Any], hint: Any, value: object) -> Any:
    """Fit a value to its field; raises ValueError that says what was wanted."""
    tidy, check = one.metadata.get("tidy"), one.metadata.get("check")
    fitted = fit(tidy(value) if tidy else value, hint)
    return check(fitted) if check else fitted


def fit(value: object, hint: Any) -> object:
    """Turn a TOML value into the type of the hint; raises ValueError that says what was wanted."""
    origin = get_origin(hint) or hint
    if origin in (Union, UnionType):
        return _fit_union(value, get_args(hint))
    if origin is Literal:
        return _fit_word(value, get_args(hint))
    if origin in (Mapping, dict):
        return _fit_table(value, get_args(hint))
    if origin is tuple:
        return tuple(fit(item, get_args(hint)[0]) for item in _expect(list, value))
    return _fit_plain(value, origin)


def _fit_plain(value: object, kind: Any) -> object:
    if kind is Path:
        return Path(_expect(str, value))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(_fit_word(value, tuple(str(one.value) for one in kind)))
    if kind is float and type(value) is int:
        return float(value)
    return _expect(kind, value) if kind in _WORDS else value


def _value(one: Field[Any], hint: Any, value: object, place: Place, environ: Environ) -> object:
    if isinstance(hint, type) and is_dataclass(hint):
        inner = Place(place.file, f"{place.table.removesuffix(']')}.{one.name}]")
        return read(hint, value, inner, environ)
    try:
        return checked(one, hint, value)
    except ValueError as error:
        raise place.error(one.name, str(error)) from error


def _secrets(cls: type[Any], values: Mapping[str, Any], environ: Environ) -> dict[str, Secret]:
    """Look up each field `x` that has a sibling `x_env`; an empty variable is no secret."""
    defaults = {one.name: one.default for one in fields(cls)}
    found = {}
    for name in (one.name for one in fields(cls)):
        if f"{name}_env" in defaults:
            variable = values.get(f"{name}_env", defaults[f"{name}_env"])
            if text := environ.get(variable, "").strip():
                found[name] = Secret(text)
    return found


def _fit_union(value: object, hints: tuple[Any, ...]) -> object:
    wanted = [hint for hint in hints if hint is not NoneType]
    for hint in wanted[:-1]:
        try:
            return fit(value, hint)
        except ValueError:
            continue
    return fit(value, wanted[-1])


def _fit_table(value: object, hints: tuple[Any, ...]) -> dict[str, object]:
    """Fit each value of an inline table; TOML's keys are texts already."""
    fitted = {}
    for key, item in _expect(dict, value).items():
        try:
            fitted[key] = fit(item, hints[1]) if hints else item
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from error
    return fitted


def _fit_word(value: object, words: tuple[object, ...]) -> object:
    if value not in words:
        listed = ", ".join(f'"{word}"' for word in words)
        raise ValueError(f"wanted one of {listed}")
    return value


def _expect(kind: type, value: object) -> Any:
    if type(value) is not kind:
        raise ValueError(f"wanted {_WORDS[kind]}, found {_found(value)}")
    return value


def _found(value: object) -> str:
    return _WORDS.get(type(value), f"a {type(value).__name__}")
