"""Turns a tree of elements into lines of text: headings are marked, rows of tables stay rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

BETWEEN = " | "
"""Stands between the cells of a row."""


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


def _no_heading(_element: Any) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the elements of a format mean, by their names.

    Text stands in `texts` alone, or anywhere where that is empty. `marks` are elements that stand
    for a text. `heading` gives the level of a paragraph that is one, else 0.
    """

    paragraphs: frozenset[str]
    rows: frozenset[str] = frozenset()
    cells: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    marks: Mapping[str, str] = field(default_factory=_nothing)
    heading: Callable[[Any], int] = _no_heading


@dataclass(slots=True)
class Flow:
    """Gathers the lines of a tree."""

    grammar: Grammar
    lines: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _rows: list[list[str]] = field(default_factory=list)
    _cells: list[list[str]] = field(default_factory=list)

    def walk(self, root: Any) -> list[str]:
        """Go through it from its beginning to its end, without recursion."""
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._leave(element)
            elif isinstance(element.tag, str) and element.tag not in self.grammar.skipped:
                self._enter(element)
            else:
                walker.skip_subtree()
        self._end_line(0)
        return self.lines

    def _enter(self, element: Any) -> None:
        tag, grammar = element.tag, self.grammar
        if tag in grammar.paragraphs:
            self._end_line(0)
        elif tag in grammar.rows:
            self._end_line(0)
            self._rows.append([])
        elif tag in grammar.cells:
            self._end_line(0)
            self._cells.append([])
        if mark := grammar.marks.get(tag):
            self._text.append(mark)
        if element.text and (not grammar.texts or tag in grammar.texts):
            self._text.append(element.text)

    def _leave(self, element: Any) -> None:
        tag, grammar = element.tag, self.grammar
        if tag in grammar.paragraphs:
            self._end_line(grammar.heading(element))
        elif tag in grammar.cells and self._cells:
            self._end_line(0)
            cell = " ".join(self._cells.pop())
            if self._rows:
                self._rows[-1].append(cell)
        elif tag in grammar.rows and self._rows:
            self._end_line(0)
            self._say(BETWEEN.join(self._rows.pop()))
        if element.tail and not grammar.texts:
            self._text.append(element.tail)

    def _end_line(self, level: int) -> None:
        """What has been gathered is a paragraph; white space is as wide as a space."""
        gathered, self._text = "".join(self._text), []
        for piece in gathered.split("\v"):  # a line that was ended by hand
            if line := " ".join(piece.split()):
                self._say(f"{'#' * level} {line}" if level else line)

    def _say(self, line: str) -> None:
        if self._cells:
            self._cells[-1].append(line)
        elif line.strip(BETWEEN):
            self.lines.append(line)
