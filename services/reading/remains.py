"""Remains: what jobs had read, for those that are stopped."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.reading.steps import Gathered

MOST = 64
"""Jobs that are remembered; one that was stopped is asked for at once, the others never."""


@dataclass(slots=True)
class Remains:
    """How far each job had come; the oldest ones are forgotten."""

    _of: dict[int, Gathered] = field(default_factory=dict)

    def keep(self, job: int, gathered: Gathered) -> None:
        """Remember how far a job is."""
        self._of.pop(job, None)
        self._of[job] = gathered
        if len(self._of) > MOST:
            del self._of[next(iter(self._of))]

    def take(self, job: int) -> Gathered | None:
        """How far a job had come; asked once."""
        return self._of.pop(job, None)
