"""How many more jobs may run, pool by pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from domain.messages import Incoming
from domain.routes import Category
from services.categories import Rules

POOLS = {
    "hear": "hear",
    "transcribe": "hear",
    "sample": "speak",
    "look": "vision",
    "read": "read",
    "draw": "image",
    "film": "video",
    "gif": "clips",
}
"""The pools of the tasks that need a place of one skill alone."""

CATEGORIES = {"vision": Category.VISION}
"""What kind of model a pool's jobs need, where its chain has several."""

QUICK = 64
"""Commands and buttons that may run at once; they wait for nothing but the database."""

TEXT = (Category.FAST, Category.DEFAULT, Category.COMPLEX)


class Offering(Protocol):
    """A chain, as far as places go."""

    def places(self, running: Mapping[Category, int]) -> dict[Category, int]:
        """Free places for each category, given how many jobs of each run."""


class Capacity(Protocol):
    """Says how many more jobs may run."""

    def free(self, running: Mapping[str, int]) -> dict[str, int]:
        """The number of free places a pool, given how many jobs run in each."""


@dataclass(frozen=True, slots=True)
class Desks:
    """So many places that no backend limits."""

    number: int

    def places(self, running: Mapping[Category, int]) -> dict[Category, int]:
        """Free places, given how many are taken."""
        return {one: self.number - taken for one, taken in running.items()}


@dataclass(frozen=True, slots=True)
class Closed:
    """No place for anybody: others do that work."""

    def places(self, running: Mapping[Category, int]) -> dict[Category, int]:  # noqa: ARG002
        """Not even one that would fail visibly."""
        return {}


@dataclass(frozen=True, slots=True)
class Places:
    """Slots are the only limit on concurrency: so many jobs run as the backends have places.

    The pools are `quick`, `chat/CATEGORY`, and those of the `others`, one a skill. There are
    `quick` places for the first.
    """

    chat: Offering
    quick: int = QUICK
    others: Mapping[str, Offering] = field(default_factory=dict)

    def free(self, running: Mapping[str, int]) -> dict[str, int]:
        """The number of free places a pool."""
        text = {one: running.get(f"chat/{one}", 0) for one in TEXT}
        free = {f"chat/{one}": places for one, places in self.chat.places(text).items()}
        for pool, chain in self.others.items():
            kind = CATEGORIES.get(pool, Category.DEFAULT)
            free[pool] = chain.places({kind: running.get(pool, 0)})[kind]
        return {"quick": self.quick - running.get("quick", 0), **free}


def pool_of(task: str, said: Incoming, rules: Rules) -> str:
    """The pool in which such a job waits for its place."""
    return POOLS.get(task) or f"chat/{rules.category(said.whole)}"
