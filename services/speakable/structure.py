"""Tells the lines of Markdown apart while they are written: text, lists, code, tables, thoughts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from services.speakable import openings
from services.speakable.pieces import Mark, Piece, Thing, Word
from services.speakable.spans import Line, Unsure
from services.speakable.words import Words

_LEAD = re.compile(r"[^\S\n]{0,200}(?:>[^\S\n]{0,9}){0,20}")
_NEWLINE = re.compile(r"\n")
_BACK = 12
"""Characters before the end of the text where a mark that ends something may have begun."""


class _Mode(Enum):
    OPENING = auto()
    TEXT = auto()
    FENCE = auto()
    UNTIL = auto()


@dataclass(slots=True)
class Structure:
    """Gives the pieces of an answer, each once and only when it is certain.

    What is given never depends on how the answer grew. Everything before `_at` has been given,
    and up to `_seen` nothing was found that ends what is open.
    """

    _at: int = 0
    _seen: int = 0
    _mode: _Mode = _Mode.OPENING
    _until: re.Pattern[str] = _NEWLINE
    _then: _Mode = _Mode.OPENING
    _fence: str = ""
    _line_ends: Mark = Mark.LINE
    _words: Words = field(default_factory=Words)

    def feed(self, text: str, *, whole: bool = False) -> Iterator[Piece]:
        """Give the new pieces of the answer so far; a whole one will not grow any more."""
        try:
            while self._at < len(text):
                yield from self._step(text, whole)
        except Unsure:
            return

    def _step(self, text: str, whole: bool) -> Iterator[Piece]:
        match self._mode:
            case _Mode.OPENING:
                yield from self._open(text, whole)
            case _Mode.TEXT:
                yield from self._read(text, whole)
            case _Mode.FENCE:
                self._pass_code(text)
            case _Mode.UNTIL:
                self._pass(text)

    def _open(self, text: str, whole: bool) -> Iterator[Piece]:
        """Look at the beginning of a line."""
        lead = _LEAD.match(text, self._at)
        begin = lead.end() if lead else self._at
        opening = openings.of(text, begin, whole)
        if fence := openings.fence(opening):
            self._fence = fence
            self._skip(begin, _NEWLINE, _Mode.FENCE)
            yield Thing.CODE_BLOCK
        elif found := openings.hidden(opening):
            self._skip(begin + found.size, found.until)
            yield found.named
        else:
            yield from self._begin_line(begin, openings.marked(opening))

    def _begin_line(self, begin: int, marked: openings.Marked) -> Iterator[Piece]:
        if marked.heading or marked.item:
            yield Mark.BLOCK
        if marked.number:
            yield Word(f"{marked.number}.")
        self._line_ends = Mark.BLOCK if marked.heading else Mark.LINE
        self._at = self._seen = begin + marked.size
        self._words.start(self._at)
        self._mode = _Mode.TEXT

    def _read(self, text: str, whole: bool) -> Iterator[Piece]:
        """Take the next word of a line, or its end."""
        newline = text.find("\n", self._seen)
        self._seen = newline if newline >= 0 else len(text)
        word = self._words.next(Line(text, self._seen, whole or newline >= 0))
        self._at = self._words.at
        if word:
            yield word
            return
        self._at = self._seen = self._seen + 1
        self._mode = _Mode.OPENING
        yield self._line_ends

    def _pass_code(self, text: str) -> None:
        """Pass one line of code, or the fence that ends it."""
        newline = text.find("\n", self._seen)
        if newline < 0:
            self._seen = len(text)
            raise Unsure
        if openings.closes(text[self._at : min(newline, self._at + openings.FENCED)], self._fence):
            self._mode = _Mode.OPENING
        self._at = self._seen = newline + 1

    def _pass(self, text: str) -> None:
        found = self._until.search(text, self._seen)
        if not found:
            self._seen = max(self._seen, len(text) - _BACK)
            raise Unsure
        self._at = self._seen = found.end()
        self._mode = self._then

    def _skip(self, begin: int, until: re.Pattern[str], then: _Mode = _Mode.OPENING) -> None:
        self._at = self._seen = begin
        self._until, self._then = until, then
        self._mode = _Mode.UNTIL
