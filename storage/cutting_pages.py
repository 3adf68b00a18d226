"""Pages are cut into passages, as long as what answers a question usually is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SHORTEST, LONGEST = 700, 1200
"""Characters of a passage, where its page has so many."""

# The best place first: after a paragraph, a sentence, a line, a word.
_BORDERS = tuple(
    re.compile(border)
    for border in (
        r"\n[ \t]*\n\s*",
        r"[.!?\u2026\u3002]['\")\]\u00bb\u201d]*\s+|\u3002",
        r"\n\s*",
        r"\s+",
    )
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a passage stands in the text of its page, in characters."""

    start: int
    length: int


def cuts(text: str) -> Iterator[Cut]:
    """The passages of a page, one after the other; together they are all of it but blank ends."""
    start, end = 0, len(text.rstrip())
    while start < end:
        stop = end if end - start <= LONGEST else _border(text, start)
        length = len(text[start:stop].rstrip())
        if length:
            yield Cut(start, length)
        start = stop


def _border(text: str, start: int) -> int:
    """Where the passage that begins here had best end, blanks included."""
    for border in _BORDERS:
        found = [one.end() for one in border.finditer(text, start + SHORTEST, start + LONGEST)]
        if found:
            return found[-1]
    return start + LONGEST
