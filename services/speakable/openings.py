"""What the first characters of a line of Markdown tell about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.speakable.pieces import Mark, Piece, Thing
from services.speakable.spans import Unsure

SIZE = 24
"""Characters that tell what a line is. Waiting for so few delays nothing that is read aloud."""

FENCED = 200
"""The same for a line that begins like a block of code: code inside a text may begin so, too."""

_FENCE = re.compile(r"(?:[-*+•]\s+|\d{1,3}[.)]\s+)?(`{3,}(?=[^`]*$)|~{3,})")
_FORMULA = re.compile(r"\$\$(?!\$)|\\\[")
_THOUGHT = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
_ASIDE = re.compile(r"\[(?:\^[^\]]{1,20}\]:|[^\]]{1,20}\]:\s*(?:http|<))")
_RULE = re.compile(r"[-*_=~#+|:\s•>]*$")
_HEADING = re.compile(r"#{1,6}\s+")
_ITEM = re.compile(r"(?:[-*+•]|(?P<number>\d{1,3})[.)])\s+(?:\[[ xX]\]\s+)?(?:#{1,6}\s+)?")

_LINE_END = re.compile(r"\n")
_COMMENT_END = re.compile(r"-->")
_THOUGHT_END = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_FORMULA_END = {  # an empty line ends one that nobody closes
    "$$": re.compile(r"\$\$|\n[^\S\n]{0,8}\n"),
    "\\[": re.compile(r"\\\]|\n[^\S\n]{0,8}\n"),
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is not read from here on, and what is said in its place."""

    named: Piece
    until: re.Pattern[str] = _LINE_END
    size: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """How a line of text is marked: `size` is how long the mark is, `number` that of an item."""

    size: int = 0
    heading: bool = False
    item: bool = False
    number: str = ""


def of(text: str, begin: int, whole: bool) -> str:
    """The opening of the line that begins there; raises Unsure while it is too short."""
    size = FENCED if text.startswith(("```", "~~~"), begin) else SIZE
    end = text.find("\n", begin, begin + size)
    if end < 0 and len(text) < begin + size and not whole:
        raise Unsure
    return text[begin : end if end >= 0 else begin + size]


def fence(opening: str) -> str:
    """The fence of a block of code, empty where none begins."""
    found = _FENCE.match(opening)
    return found[1] if found else ""


def closes(line: str, fence: str) -> bool:
    """Whether a line of code is the fence that ends it."""
    bare = line.lstrip("> \t").rstrip()
    return len(bare) >= len(fence) and not bare.strip(fence[0])


def hidden(opening: str) -> Hidden | None:
    """What nobody reads aloud, or None where there is text."""
    if found := _FORMULA.match(opening):
        return Hidden(Thing.FORMULA_BLOCK, _FORMULA_END[found[0]], found.end())
    if found := _THOUGHT.match(opening):
        return Hidden(Mark.BLOCK, _THOUGHT_END, found.end())
    if opening.startswith("<!--"):
        return Hidden(Mark.BLOCK, _COMMENT_END, 4)
    if opening.startswith("|"):
        return Hidden(Thing.TABLE)
    if _RULE.match(opening) or _ASIDE.match(opening):
        return Hidden(Mark.BLOCK)
    return None


def marked(opening: str) -> Marked:
    """How a line of text is marked."""
    if found := _HEADING.match(opening):
        return Marked(found.end(), heading=True)
    if found := _ITEM.match(opening):
        return Marked(found.end(), item=True, number=found["number"] or "")
    return Marked()
