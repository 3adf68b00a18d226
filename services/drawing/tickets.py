"""A ticket: what a job that draws has begun, and where, for its next start to go on from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Ticket:
    """The seed that was drawn for a job, and the words of the backend that has begun it."""

    seed: int
    backend: str = ""
    words: str = ""

    @property
    def begun(self) -> bool:
        """Whether a server may be at work on it."""
        return bool(self.words)

    def to_json(self) -> str:
        """The form of a checkpoint."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> Ticket | None:
        """Read a checkpoint; None where there is none that can be read."""
        try:
            raw = json.loads(stored)
            return cls(int(raw["seed"]), str(raw["backend"]), str(raw["words"]))
        except (KeyError, TypeError, ValueError):
            return None
