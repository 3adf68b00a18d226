"""Duties: what each process works on, and which pools and skills that needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

POOLS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "chat": frozenset({"chat", "hear", "speak", "vision", "read"}),
        "draw": frozenset({"image"}),
        "film": frozenset({"video"}),
    }
)
"""The kinds of work that a process can be told to do, and where their jobs wait."""

MINUTES = frozenset({"draw", "film"})
"""What takes minutes, and so is done in a process of its own."""

AT_THE_DOOR = frozenset({"quick", "clips"})
"""What is worked on only where somebody listens."""


@dataclass(frozen=True, slots=True)
class Duty:
    """The kinds of work of one process, and whether it takes in what people say.

    Who is `fed` is told at once of what others do, and so need not look for it.
    """

    tasks: frozenset[str] = field(default_factory=lambda: frozenset(POOLS))
    listens: bool = True
    fed: bool = False

    @property
    def pools(self) -> frozenset[str]:
        """Where the jobs wait that it may claim; "chat" stands for those of all texts."""
        own = frozenset[str]().union(*(POOLS[task] for task in self.tasks))
        return own | AT_THE_DOOR if self.listens else own

    @property
    def talks(self) -> bool:
        """Whether it answers people; who only draws asks a chat model to translate, no more."""
        return "chat" in self.tasks

    def watches(self, skill: str) -> bool:
        """Whether it only tells how the backends of a skill stand, which another process asks."""
        minutes = frozenset[str]().union(*(POOLS[task] for task in MINUTES))
        return self.listens and skill in minutes - self.pools

    def needs(self, skill: str) -> bool:
        """Whether it asks backends of this skill, or has to tell how they stand."""
        return self.listens or self.talks or skill in self.pools or skill == "chat"


EVERYTHING = Duty()
"""Who is alone does it all."""
