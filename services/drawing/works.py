"""A work: what a job made, kept with the job for whatever else is made of it later."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from domain.messages import Attachment, Kind

OURS = "shelf:"
"""How the name of a file begins that lies on our own shelf and not at Telegram."""


@dataclass(frozen=True, slots=True)
class Work:
    """The file that was sent, and the seed that it was made with."""

    file: Attachment
    seed: int

    @property
    def lent(self) -> Attachment:
        """The file as something to begin from, as if somebody had sent it."""
        return replace(self.file, ref=f"{OURS}{self.file.ref}")

    def to_json(self) -> str:
        """The form that is kept."""
        return json.dumps({"file": asdict(self.file), "seed": self.seed}, ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> Work | None:
        """Read what was kept; None where it is nothing of ours."""
        try:
            raw = json.loads(stored)
            file = {**raw["file"], "kind": Kind(raw["file"]["kind"])}
            return cls(Attachment(**file), int(raw["seed"]))
        except (KeyError, TypeError, ValueError):
            return None
