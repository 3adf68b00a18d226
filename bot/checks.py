"""What a value of the configuration must be like: a check returns it tidied or says what is wrong.

Each function here makes the `metadata` of a dataclass field, read by `bot.config_files`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from services.turns import Hours

Check = Callable[[Any], object]

WEB = ("http", "https")
"""How the addresses of most servers begin."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DATABASES = ("sqlite:///", "postgresql://", "postgres://")


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A text that shows itself only to who asks for it by `reveal`."""

    _text: str

    def reveal(self) -> str:
        """The text itself, for the wire and nothing else."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return format("***", spec)


def resolved() -> Mapping[str, object]:
    """Mark a field that the file may not set: it is looked up in the environment."""
    return {"resolved": True}


def within(low: float, high: float) -> Mapping[str, Check]:
    """Take numbers from `low` to `high`, both included."""

    def check(value: float) -> float:
        if not low <= value <= high:
            raise ValueError(f"must be from {low} to {high}")
        return value

    return {"check": check}


def not_empty() -> Mapping[str, Check]:
    """Take any text with something in it."""
    return _matching(lambda value: bool(value.strip()), "must not be empty")


def variable() -> Mapping[str, Check]:
    """Take the name of an environment variable, so that nobody writes the secret itself."""
    return _matching(
        lambda value: bool(_VARIABLE.fullmatch(value)),
        "must be the name of an environment variable, not the secret itself",
    )


def web() -> Mapping[str, Check]:
    """Take an address of http or https, without the slash at its end."""
    return schemes(WEB)


def schemes(known: tuple[str, ...]) -> Mapping[str, Check]:
    """Take an address that begins with one of these, as a backend's class names them."""
    *others, last = [f'"{one}://"' for one in known]
    listed = f"{', '.join(others)} or {last}" if others else last
    return _address(known, f"must begin with {listed} and name a host")


def https() -> Mapping[str, Check]:
    """Take an address that Telegram would call."""
    return _address(("https",), 'must begin with "https://" and name a host')


def database() -> Mapping[str, Check]:
    """Take the address of a database that the storage can open."""
    return _matching(
        lambda value: value.startswith(_DATABASES),
        'must begin with "sqlite:///" or "postgresql://"',
    )


def address() -> Mapping[str, Check]:
    """Take "host:port", or nothing."""

    def check(value: str) -> str:
        if value:
            host_and_port(value)
        return value

    return {"check": check}


def host_and_port(listen: str) -> tuple[str, int]:
    """Split "127.0.0.1:8081" or "[::1]:8081"; raises ValueError for anything else."""
    host, colon, port = listen.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) <= 65_535):
        raise ValueError('must look like "127.0.0.1:8081"')
    return host.removeprefix("[").removesuffix("]"), int(port)


def hours() -> Mapping[str, Check]:
    """Take a part of the day, as "23:00-07:00"."""

    def check(value: str) -> str:
        Hours.read(value)
        return value

    return {"check": check}


def upper() -> Mapping[str, Check]:
    """Take a word in any case."""
    return {"tidy": lambda value: value.upper() if isinstance(value, str) else value}


def zone() -> Mapping[str, Check]:
    """Take the name of a time zone that this machine knows."""

    def check(value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, ValueError, KeyError):
            raise ValueError('must be the name of a time zone, as "Europe/Kyiv"') from None
        return value

    return {"check": check}


def _matching(test: Callable[[str], bool], complaint: str) -> Mapping[str, Check]:
    def check(value: str) -> str:
        if not test(value):
            raise ValueError(complaint)
        return value

    return {"check": check}


def _address(schemes: tuple[str, ...], complaint: str) -> Mapping[str, Check]:
    def check(value: str) -> str:
        try:
            parts = urlsplit(value)
            fine = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            fine = False
        if not fine:
            raise ValueError(complaint)
        return value.rstrip("/")

    return {"check": check}
