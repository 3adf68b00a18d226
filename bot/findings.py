"""What was found of a thing that the bot needs, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing is; only what is missing has to be seen to."""

    WELL = "ok"
    REMARK = "--"
    MISSING = "!!"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: its name, what is said of it, and the cure where there is one."""

    state: State
    thing: str
    said: str
    cure: str = ""

    def lines(self, width: int) -> str:
        """As the operator reads it."""
        cure = f"   {'':<{width}}  → {self.cure}\n" if self.cure else ""
        return f"{self.state} {self.thing:<{width}}  {self.said}\n{cure}"


def listed(findings: Sequence[Finding]) -> str:
    """All of them, below each other."""
    width = max((len(one.thing) for one in findings), default=0)
    return "".join(one.lines(width) for one in findings)


def well(findings: Sequence[Finding]) -> bool:
    """Whether nothing is missing."""
    return all(one.state is not State.MISSING for one in findings)
