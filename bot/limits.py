"""How large a file the Bot API server at the other end takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

CLOUD = "api.telegram.org"
MEGABYTE = 1 << 20
CLOUD_DOWN = 20 * MEGABYTE
CLOUD_UP = 50 * MEGABYTE
OWN_UP = 2000 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes a file may have, to us and from us; `own` when the server is the owner's."""

    down: int
    up: int
    own: bool


def limits(api_base: str, own_down: int) -> Limits:
    """The limits at an address; `own_down` counts where the server has none of its own."""
    if urlsplit(api_base).hostname == CLOUD:
        return Limits(CLOUD_DOWN, CLOUD_UP, own=False)
    return Limits(own_down, OWN_UP, own=True)
