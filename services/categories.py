"""The rule that chooses what kind of model a text needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.routes import Category


@dataclass(frozen=True, slots=True)
class Rules:
    """Short small talk is fast, long or demanding text is complex, all else is default.

    Lengths are in characters. `complex_words` are the beginnings of words, in lower case, that ask
    for care.
    """

    fast_below: int = 40
    complex_above: int = 1500
    complex_words: tuple[str, ...] = ()

    def category(self, text: str) -> Category:
        """Choose by the text alone, so that the choice can be made before anything is read."""
        if len(text) > self.complex_above or "```" in text or self._asks_for_care(text):
            return Category.COMPLEX
        if len(text) < self.fast_below and "\n" not in text:
            return Category.FAST
        return Category.DEFAULT

    def _asks_for_care(self, text: str) -> bool:
        words = re.findall(r"\w+", text.lower())
        return any(word.startswith(self.complex_words) for word in words)
