"""Fences: what strangers wrote stands between two marks that it cannot contain."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2s


@dataclass(frozen=True, slots=True)
class Fenced:
    """A text in its fence; `mark` is the line before and after it."""

    mark: str
    text: str

    @property
    def whole(self) -> str:
        """Text and fence."""
        return f"{self.mark}\n{self.text}\n{self.mark}"


def fenced(text: str) -> Fenced:
    """Put a text into a fence of its own: the same for the same text, and nowhere in it."""
    code = blake2s(text.encode()).hexdigest()[:12]
    while code in text:
        code = blake2s(f"{code}{text}".encode()).hexdigest()[:12]
    return Fenced(f"=== DOCUMENT {code} ===", text)
