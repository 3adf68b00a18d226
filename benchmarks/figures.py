"""What was measured, and how it is told."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OURS, NAIVE = "ours", "naive"

Samples = Sequence[float]
Summary = Callable[[Samples], float]


def share(percent: float) -> Summary:
    """Summarise by the value that so many percent of all samples do not exceed."""

    def summary(samples: Samples) -> float:
        ordered = sorted(samples)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]

    return summary


median: Summary = statistics.median


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of a table: which samples it sums up and how, and what they should be.

    `target` is what the figure may be at most, or at least where `more` is better.
    """

    name: str
    samples: str
    summary: Summary
    unit: str = ""
    target: float | None = None
    more: bool = False

    def figure(self, samples: Mapping[str, Mapping[str, Samples]]) -> Figure:
        """Sum up what was measured."""
        found = {
            subject: self.summary(kinds[self.samples]) if kinds.get(self.samples) else None
            for subject, kinds in samples.items()
        }
        many = len(samples.get(OURS, {}).get(self.samples, ()))
        return Figure(self, found.get(OURS), found.get(NAIVE), many)


@dataclass(frozen=True, slots=True)
class Figure:
    """A claim with its two numbers; None is what could not be measured, or never came about."""

    claim: Claim
    ours: float | None
    naive: float | None
    samples: int

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.claim.target is None:
            return None
        if self.ours is None:
            return False
        return self.ours >= self.claim.target if self.claim.more else self.ours <= self.claim.target

    def record(self) -> dict[str, Any]:
        """Turn it into what JSON can hold."""
        claim = self.claim
        return {
            "name": claim.name,
            "unit": claim.unit,
            "ours": self.ours,
            "naive": self.naive,
            "ratio": self.ratio,
            "target": claim.target,
            "met": self.met,
            "samples": self.samples,
        }

    @property
    def ratio(self) -> float | None:
        """How many times the better of the baseline we are."""
        if not self.ours or not self.naive:
            return None
        return self.ours / self.naive if self.claim.more else self.naive / self.ours

    def cells(self) -> list[str]:
        """The line of the table."""
        sign, claim = (">=" if self.claim.more else "<="), self.claim
        target = "" if claim.target is None else f"{sign} {_number(claim.target)}"
        ratio = "" if self.ratio is None else f"{self.ratio:.1f}x"
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        numbers = [_number(self.ours), _number(self.naive), ratio, target]
        return [claim.name, claim.unit, *numbers, verdict, str(self.samples)]


HEAD = ["what", "unit", "ours", "naive", "ratio", "target", "", "samples"]


def table(figures: Sequence[Figure]) -> str:
    """Set the figures out in columns."""
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    lines = ("  ".join(_set(cells, widths)).rstrip() for cells in rows)
    return "\n".join(lines)


def _set(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    numeric = {2, 3, 4, 7}
    return [
        cell.rjust(width) if at in numeric else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}" if abs(value) < 1 else f"{value:.1f}"
