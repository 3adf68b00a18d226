"""Takes whole words from a line that is still being written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.speakable import spans
from services.speakable.pieces import Word

LONGEST = 2000
"""Characters that a word may have; one that is longer is cut there, for nobody reads it aloud."""

_SPACE = re.compile(r"\s*")
_PLAIN = re.compile(r"[^\s`\[$\\<。！？；，、।]+")
_ENDING = re.compile(r"[。！？；，、।][”’」』）]{0,8}")  # no space follows these


@dataclass(slots=True)
class Words:
    """Gives each word once, as soon as nothing that follows could belong to it.

    `at` is where the next word begins; what was looked at is not looked at again.
    """

    at: int = 0
    _scanned: int = 0
    _closed: bool = False
    _apart: bool = True

    def start(self, at: int) -> None:
        """Go on from there, with a new line."""
        self.at = self._scanned = at
        self._closed = False
        self._apart = True

    def next(self, line: spans.Line) -> Word | None:
        """The next word, or None at the end of the line.

        Raises Unsure where the line has to grow first.
        """
        if self._scanned == self.at:
            self._skip_space(line)
        if not line.at(self.at):
            return None
        while not self._ended(line):
            self._scanned = self._further(line)
        word = Word(line.text[self.at : self._scanned], self._apart)
        self.start(self._scanned)
        self._apart = False
        return word

    def _skip_space(self, line: spans.Line) -> None:
        found = _SPACE.match(line.text, self.at, line.end)
        end = found.end() if found else self.at
        self._apart = self._apart or end > self.at
        self.at = self._scanned = end

    def _ended(self, line: spans.Line) -> bool:
        if self._closed or self._scanned - self.at >= LONGEST:
            return True
        here = line.at(self._scanned)
        return not here or here.isspace()

    def _further(self, line: spans.Line) -> int:
        """The place after what is clear next in this word."""
        found = _PLAIN.match(line.text, self._scanned, min(line.end, self.at + LONGEST))
        if found:
            return found.end()
        found = _ENDING.match(line.text, self._scanned, line.end)
        if found:
            line.at(found.end())  # a quotation mark may still come
            self._closed = True
            return found.end()
        return spans.after(line, self._scanned)
