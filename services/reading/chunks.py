"""Chunks: a document is cut where its own structure allows, into what a model reads at once."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.documents import Page
from services.tokens import A_TURN, BYTES_A_TOKEN

LEAST = 64
"""Tokens that a chunk may have at least; with fewer, a page mark would be most of it."""

MARK = 32
"""Bytes that naming the page before a piece may take."""

_LATEST = 3
"""A better border is worth up to this part of a chunk, one third, but no more."""

_WORDS = "chapter|part|section|article|глава|раздел|часть|статья|розділ|частина|стаття|§"
_HEADING = rf"(?:\#{{1,6}}[ ]|(?:{_WORDS})\b[ ]*[\dIVXLC]|\d+(?:\.\d+)*\.?[ ]+[^\W\d_])"
_BEGINS = re.compile(rf"\s*{_HEADING}", re.IGNORECASE)

# The best place first: before a heading, after a paragraph, a sentence, a line, a word.
_BORDERS = (
    re.compile(rf"(?<=\n)(?={_HEADING})", re.IGNORECASE),
    re.compile(r"\n[ \t\r]*\n\s*"),
    re.compile(r"[.!?…]['\")\]»”]*\s+|。"),
    re.compile(r"\n\s*"),
    re.compile(r"\s+"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A page, or a piece of one."""

    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a model reads at once; numbered from 1."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def first(self) -> int:
        """The page on which it begins."""
        return self.pieces[0].page

    @property
    def last(self) -> int:
        """The page on which it ends."""
        return self.pieces[-1].page


def chunks(pages: Sequence[Page], budget: int) -> list[Chunk]:
    """All text of the pages in order, no chunk over `budget` tokens with its pages named.

    Pages without text are in none. Raises ValueError for a budget below LEAST.
    """
    if budget < LEAST:
        raise ValueError(f"a chunk needs {LEAST} tokens, not {budget}")
    room = int((budget - A_TURN) * BYTES_A_TOKEN)
    rest = deque(Piece(page.number, page.text) for page in pages if page.text)
    return [Chunk(number, taken) for number, taken in enumerate(_all(rest, room), start=1)]


def _all(rest: deque[Piece], room: int) -> Iterator[tuple[Piece, ...]]:
    while rest:
        window = _window(rest, room)
        if rest:
            window = _shortened(window, rest)
        yield tuple(window)


def _window(rest: deque[Piece], room: int) -> list[Piece]:
    """Take as much as there is room for; the last piece may be cut anywhere."""
    window: list[Piece] = []
    while rest and room > MARK + 4:  # the longest character
        piece = rest.popleft()
        room -= MARK
        size = len(piece.text.encode()) if len(piece.text) <= room else room + 1
        if size > room:
            fits = piece.text[:room].encode()[:room].decode(errors="ignore")
            rest.appendleft(Piece(piece.page, piece.text[len(fits) :]))
            window.append(Piece(piece.page, fits))
            return window
        window.append(piece)
        room -= size
    return window


def _shortened(window: list[Piece], rest: deque[Piece]) -> list[Piece]:
    """End the window at its best border; what is after that goes back."""
    index, at = _border(window, rest[0])
    for piece in reversed(window[index + 1 :]):
        _give_back(piece, rest)
    last = window[index]
    if at < len(last.text):
        _give_back(Piece(last.page, last.text[at:]), rest)
    return [*window[:index], Piece(last.page, last.text[:at])]


def _give_back(piece: Piece, rest: deque[Piece]) -> None:
    if rest and rest[0].page == piece.page:
        piece = Piece(piece.page, piece.text + rest.popleft().text)
    rest.appendleft(piece)


def _border(window: Sequence[Piece], following: Piece) -> tuple[int, int]:
    """In which piece of the window it had best end, and after how many characters of that."""
    total = sum(len(piece.text) for piece in window)
    for rank, pattern in enumerate(_BORDERS):
        least = total - total // _LATEST
        after = total
        for index in range(len(window) - 1, -1, -1):
            text = window[index].text
            after -= len(text)
            follows = window[index + 1] if index + 1 < len(window) else following
            if rank <= 1 and follows.page != window[index].page and after + len(text) >= least:
                heading = _BEGINS.match(follows.text) is not None
                if heading == (rank == 0):
                    return index, len(text)
            found = [one.end() for one in pattern.finditer(text, max(least - after, 1))]
            if found:
                return index, found[-1]
            if after <= least:
                break
    return len(window) - 1, len(window[-1].text)
