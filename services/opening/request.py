"""What a child is asked about a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """Which file, what its sender calls it, and how much of it is read at most."""

    file: Path
    name: str
    password: str = field(repr=False)
    pages: int
    characters: int

    @classmethod
    def of(cls, errand: Mapping[str, Any]) -> Request:
        """Take it out of an errand."""
        texts = (errand.get("name", ""), errand.get("password", ""))
        return cls(Path(errand["file"]), *texts, errand["pages"], errand["characters"])
