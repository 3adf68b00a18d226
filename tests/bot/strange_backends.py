"""Backends of a stranger, as a configuration may name them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from bot.config import Secret

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True)
class Parrot:
    """Says everything again."""

    wire: object
    url: str
    model: str = "grey"
    loudness: float = 0.5
    mood: Literal["calm", "wild"] = "calm"
    phrases: tuple[str, ...] = ()
    echo: bool | str = False
    headers: Mapping[str, str] = field(default_factory=dict)
    slots: int = 2
    data_dir: Path = Path("nowhere")
    api_key: Secret | None = None


@dataclass(frozen=True)
class Cuckoo:
    """Wants its key as a text, and nothing else."""

    api_key: str = field(default="", repr=False)
    label: str = "cuckoo"


@dataclass(frozen=True)
class Fussy:
    """Refuses some of its settings."""

    hours: int = 1

    def __post_init__(self) -> None:
        if self.hours > 24:
            raise ValueError("hours must not be above 24")


class NoRecord:
    """Not a dataclass, so nobody can tell its settings."""


@dataclass(frozen=True)
class Whale:
    """Lives on another wire than HTTP."""

    url: str
    schemes: ClassVar = ("tcp", "udp")


@dataclass(frozen=True)
class Shy:
    """Names a type that only a type checker imports."""

    price: "Decimal | None" = None
