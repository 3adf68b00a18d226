"""What finds a prompt again after a restart: written down before the server is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import uuid4

from domain.drawing import Settled, Sketch


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which prompt it is at which server, and how what is made was settled."""

    url: str
    prompt_id: str
    client_id: str
    settled: Settled

    @classmethod
    def new(cls, url: str, settled: Settled) -> Self:
        """Number a prompt; newer servers take only numbers of this kind."""
        return cls(url, str(uuid4()), str(uuid4()), settled)

    @classmethod
    def read(cls, text: str, url: str, sketch: Sketch) -> Self | None:
        """Read what was written down; None where it is of another server, or not ours."""
        try:
            told: dict[str, Any] = json.loads(text)
            if told.pop("url") != url:
                return None
            sized = {name: told[name] for name in ("prompt", "width", "height", "seconds")}
            settled = Settled(replace(sketch, **sized), told["title"])
            return cls(url, told["prompt_id"], told["client_id"], settled)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    def __str__(self) -> str:
        sketch = self.settled.sketch
        told = {name: getattr(sketch, name) for name in ("prompt", "width", "height", "seconds")}
        numbers = {"url": self.url, "prompt_id": self.prompt_id, "client_id": self.client_id}
        return json.dumps(numbers | told | {"title": self.settled.title}, ensure_ascii=False)
