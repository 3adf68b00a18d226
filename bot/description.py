"""The configuration as its owner may read it aloud: every setting, no secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from bot.checks import Secret
from bot.settings import BackendTable, Config

_TELLTALE = re.compile(r"key|token|password|secret", re.IGNORECASE)
_LOGIN = re.compile(r"//[^/@\s]+@")


def describe(config: Config) -> str:
    """One line a setting, `table.key = value`; a secret is only said to be there or missing."""
    return "\n".join(_lines("", config))


def without_login(url: str) -> str:
    """The address without the name and password in it."""
    return _LOGIN.sub("//***@", url)


def _lines(path: str, value: object) -> Iterator[str]:
    if isinstance(value, BackendTable):
        yield f"{path} = {_backend(value)}"
    elif is_dataclass(value) and not isinstance(value, Secret):
        for one in fields(value):
            yield from _lines(f"{path}.{one.name}".lstrip("."), getattr(value, one.name))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _lines(f"{path}.{name}", inner)
    elif isinstance(value, tuple) and any(isinstance(one, BackendTable) for one in value):
        for number, one in enumerate(value, start=1):
            yield from _lines(f"{path}.{number}", one)
    else:
        yield f"{path} = {_shown(path, value)}"


def _shown(path: str, value: object) -> str:
    if isinstance(value, Secret):
        return "set, not shown"
    if path.endswith((".token", ".secret")):
        return "missing"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "not set" if value is None or value == "" else without_login(str(value))


def _backend(table: BackendTable) -> str:
    keys = ("label", "url", "model", "categories", "slots", "gpu", "workflow")
    said = {key: getattr(table, key) for key in keys} | dict(table.options)
    listed = [f"{key}={_option(key, value)}" for key, value in said.items() if value]
    marks = ["cloud"] * table.cloud + ["with a key"] * (table.api_key is not None)
    return " ".join([table.use, *listed, *marks])


def _option(key: str, value: object) -> str:
    """A stranger's class may take its secrets anywhere; headers are a place for them."""
    hidden = isinstance(value, Mapping) or _TELLTALE.search(key)
    return "***" if hidden else _shown(key, value)
