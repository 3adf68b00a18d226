"""Where code, a link, a formula or a tag ends that begins in the middle of a growing line."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 1000
"""Characters that a span may have; what does not end by then is text."""

STARTS = "`[$\\<"
"""Each of these may begin a span."""

_TICKS = re.compile(r"`+")
_MATHS = re.compile(r"[\\^_={}]")


class Unsure(Exception):
    """The text ends before it is clear what it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that may still grow: `end` is where it ends so far, `whole` whether it does."""

    text: str
    end: int
    whole: bool

    def find(self, mark: str, start: int, origin: int) -> int:
        """Where the mark stands, or -1 where it does not close the span that began at `origin`."""
        limit = min(self.end, origin + LONGEST)
        found = self.text.find(mark, start, limit)
        if found < 0 and not self.whole and limit == self.end:
            raise Unsure
        return found

    def at(self, place: int) -> str:
        """The character there, empty after the end of the line."""
        if place < self.end:
            return self.text[place]
        if not self.whole:
            raise Unsure
        return ""


def after(line: Line, at: int) -> int:
    """The place after the span that begins at `at`, or after the one character that begins none.

    Raises Unsure where the text has to grow first.
    """
    match line.text[at]:
        case "`":
            return _code(line, at)
        case "[":
            return _link(line, at)
        case "$":
            return _dollars(line, at)
        case "\\":
            return _backslash(line, at)
    return _tag(line, at)


def _code(line: Line, at: int) -> int:
    found = _TICKS.match(line.text, at, min(line.end, at + LONGEST))
    ticks = found[0] if found else "`"
    inner = at + len(ticks)
    line.at(inner)  # the run itself may still grow
    close = line.find(ticks, inner, at)
    return inner if close < 0 else close + len(ticks)


def _link(line: Line, at: int) -> int:
    close = line.find("]", at + 1, at)
    if close < 0 or line.at(close + 1) != "(":
        return at + 1
    end = line.find(")", close + 2, at)
    if end >= 0 and "(" in line.text[close + 2 : end] and line.at(end + 1) == ")":
        end += 1  # an address may have brackets of its own
    return at + 1 if end < 0 else end + 1


def _dollars(line: Line, at: int) -> int:
    """A formula between dollars; prices are none, for a price has a digit after its dollar."""
    if line.at(at + 1) == "$":
        close = line.find("$$", at + 2, at)
        return at + 2 if close < 0 else close + 2
    if line.at(at + 1).isspace():
        return at + 1
    close = line.find("$", at + 1, at)
    if close < 0 or line.text[close - 1].isspace() or line.at(close + 1).isdigit():
        return at + 1
    inside = line.text[at + 1 : close]
    priced = inside[:1].isdigit() and " " in inside and not _MATHS.search(inside)
    return at + 1 if priced else close + 1


def _backslash(line: Line, at: int) -> int:
    close = {"(": "\\)", "[": "\\]"}.get(line.at(at + 1))
    if close is None:
        return min(at + 2, line.end)
    end = line.find(close, at + 2, at)
    return at + 2 if end < 0 else end + 2


def _tag(line: Line, at: int) -> int:
    first = line.at(at + 1)
    if not (first.isascii() and first.isalpha()) and first != "/":
        return at + 1
    end = line.find(">", at + 1, at)
    return at + 1 if end < 0 else end + 1
