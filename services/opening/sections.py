"""Cuts a text without pages into sections, which begin at headings if that can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from services.opening.readings import Sections
from services.opening.troubles import Trouble, Unreadable

LENGTH = 3000
"""About so many characters has a section."""

_HEADING = re.compile(r"#{1,6} ")


def sections(title: str, lines: Iterable[str], most: int) -> Sections:
    """Cut lines into sections; raises Unreadable where there is no text, or more than `most`."""
    texts = tuple(cut(lines))
    if not texts:
        raise Unreadable(Trouble.NO_TEXT)
    if sum(map(len, texts)) > most:
        raise Unreadable(Trouble.CHARACTERS)
    return Sections(title, texts)


def cut(lines: Iterable[str]) -> Iterator[str]:
    """Yield sections; nothing of the text is left out but empty ends."""
    held: list[str] = []
    size = 0
    for line in _short(lines):
        full = size + len(line) > LENGTH
        if held and (full or (size > LENGTH / 2 and _HEADING.match(line))):
            yield from _joined(held)
            held, size = [], 0
        held.append(line)
        size += len(line) + 1
    yield from _joined(held)


def _joined(lines: list[str]) -> Iterator[str]:
    if text := "\n".join(lines).strip():
        yield text


def _short(lines: Iterable[str]) -> Iterator[str]:
    """A paragraph longer than a section is cut between words, or where it must be."""
    for line in lines:
        rest = line
        while len(rest) > LENGTH:
            at = rest.rfind(" ", LENGTH // 2, LENGTH) + 1 or LENGTH
            yield rest[:at]
            rest = rest[at:]
        yield rest
