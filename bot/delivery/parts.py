"""A long text becomes parts that Telegram takes: cut at blocks, entities kept, none empty.

Telegram counts in UTF-16 units, so everything here does: a letter outside the basic plane, most
emoji among them, counts as two.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

LIMIT = 4096
CAPTION_LIMIT = 1024
AIM = 3900  # leaves room for what the client or a later edit may add

_BLOCKS = frozenset({"pre", "blockquote", "expandable_blockquote"})


@dataclass(frozen=True, slots=True)
class Part:
    """The text of one message and its entities, as the Bot API writes them."""

    text: str
    entities: tuple[Mapping[str, Any], ...] = ()


def units(text: str) -> int:
    """Count the UTF-16 units of a text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def sound(text: str) -> str:
    """Replace lone halves of surrogate pairs, which no wire can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def visible(text: str) -> bool:
    """Tell whether anything can be seen; Telegram refuses messages where nothing can."""
    return any(not _blank(letter) for letter in text)


def cut(whole: Part, aim: int = AIM, limit: int = LIMIT) -> list[Part]:
    """Cut at block boundaries into parts of at most `aim` units, or leave whole what fits."""
    pieces = [(0, len(whole.text))] if units(whole.text) <= limit else list(_pieces(whole, aim))
    offsets = _offsets(whole.text)
    parts = (_clipped(whole, offsets, start, end) for start, end in pieces)
    return [part for part in parts if visible(part.text)]


def below(line: str, part: Part) -> Part:
    """Put a part below a line."""
    by = units(line) + 1
    moved = ({**entity, "offset": entity["offset"] + by} for entity in part.entities)
    return Part(f"{line}\n{part.text}", tuple(moved))


def under(above: Part, part: Part) -> Part:
    """Put a part under another one."""
    first = below(above.text, part)
    return Part(first.text, (*above.entities, *first.entities))


def shortened(text: str, most: int) -> str:
    """The beginning of a text, of so many units at most; `most` is not below two."""
    while units(text) > most:
        text = text[: len(text) * most // units(text) - 1].rstrip() + "…"
    return text


def _blank(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in {"Cf", "Cc", "Mn"}


def _offsets(text: str) -> Sequence[int]:
    """Where each character begins, in units; one entry more than characters."""
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate((1 + (letter > "\uffff") for letter in text), initial=0))


def _pieces(whole: Part, aim: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of characters between the cuts."""
    offsets = _offsets(whole.text)
    inside = _inside_blocks(whole, offsets)
    start = 0
    while offsets[-1] - offsets[start] > aim:
        end = _last_that_fits(offsets, start, aim)
        at = _best_cut(whole.text, inside, start, end)
        yield start, at
        start = at
    yield start, len(whole.text)


def _inside_blocks(whole: Part, offsets: Sequence[int]) -> bytearray:
    """Mark the characters before which a cut would tear a code block or a quotation."""
    marks = bytearray(len(whole.text) + 1)
    index = {offset: position for position, offset in enumerate(offsets)}
    for entity in whole.entities:
        if entity["type"] in _BLOCKS:
            first, last = index[entity["offset"]], index[entity["offset"] + entity["length"]]
            marks[first + 1 : last] = b"\1" * max(0, last - first - 1)
    return marks


def _last_that_fits(offsets: Sequence[int], start: int, aim: int) -> int:
    return max(start + 1, bisect_right(offsets, offsets[start] + aim) - 1)


def _best_cut(text: str, inside: bytearray, start: int, end: int) -> int:
    """Choose where to cut, at most at `end`: the better the place, the earlier it may be."""
    third, half = start + (end - start) // 3, start + (end - start) // 2
    for mark, earliest, whole_blocks in (
        ("\n\n", third, True),
        ("\n", third, True),
        ("\n", half, False),
        (" ", half, False),
    ):
        at = _after_last(text, mark, earliest, end)
        while whole_blocks and at and inside[at]:
            at = _after_last(text, mark, earliest, at - 1)
        if at:
            return at
    return _between_letters(text, start, end)


def _after_last(text: str, mark: str, earliest: int, end: int) -> int:
    """Where the last mark in the range ends; 0 if there is none."""
    at = text.rfind(mark, earliest, end)
    return at + len(mark) if at >= 0 else 0


def _between_letters(text: str, start: int, end: int) -> int:
    """Step back from the middle of a letter made of several characters, where possible."""
    at = end
    while at > max(start + 1, end - 16) and _joined(text, at):
        at -= 1
    return end if _joined(text, at) else at


def _joined(text: str, at: int) -> bool:
    joiner = "\u200d"
    return at < len(text) and (
        unicodedata.category(text[at]) in {"Mn", "Me", "Cf"}
        or text[at - 1] == joiner
        or "\U0001f3fb" <= text[at] <= "\U0001f3ff"
    )


def _clipped(whole: Part, offsets: Sequence[int], start: int, end: int) -> Part:
    """Take a range without the blank lines around it, with its share of the entities."""
    piece = whole.text[start:end]
    end -= len(piece) - len(piece.rstrip())
    blank = len(piece) - len(piece.lstrip())
    start += piece.rfind("\n", 0, blank) + 1  # the first line keeps its indentation
    if start >= end:
        return Part("")
    low, high = offsets[start], offsets[end]
    return Part(whole.text[start:end], tuple(_shares(whole.entities, low, high)))


def _shares(
    entities: Sequence[Mapping[str, Any]], low: int, high: int
) -> Iterator[Mapping[str, Any]]:
    for entity in entities:
        first = max(entity["offset"], low)
        last = min(entity["offset"] + entity["length"], high)
        if first < last:
            yield {**entity, "offset": first - low, "length": last - first}
