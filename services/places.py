"""How many more jobs may run, pool by pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.routes import Category

QUICK = 64
"""Commands and buttons that may run at once; they wait for nothing but the database."""

TEXT = (Category.FAST, Category.DEFAULT, Category.COMPLEX)


class Offering(Protocol):
    """A chain, as far as places go."""

    def places(self, running: Mapping[Category, int]) -> dict[Category, int]:
        """Free places for each category of text, given how many jobs of each run."""


@dataclass(frozen=True, slots=True)
class Places:
    """Slots are the only limit on concurrency: so many jobs run as the backends have places.

    The pools are `quick` and `chat/CATEGORY`; there are `quick` places for the former.
    """

    chat: Offering
    quick: int = QUICK

    def free(self, running: Mapping[str, int]) -> dict[str, int]:
        """The number of free places a pool."""
        text = {one: running.get(f"chat/{one}", 0) for one in TEXT}
        free = {f"chat/{one}": places for one, places in self.chat.places(text).items()}
        return {"quick": self.quick - running.get("quick", 0), **free}
