"""Tables as text (CSV): each row stays one."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from services.opening.flow import BETWEEN
from services.opening.readings import Sections
from services.opening.request import Request
from services.opening.sections import sections
from services.opening.text_reader import text_of
from services.opening.troubles import Trouble, Unreadable

DELIMITERS = (",", ";", "\t", "|")
LOOK = 20
"""Lines by which it is found out what stands between the cells."""


def read(request: Request) -> Sections:
    """Read it row by row; what is no table is text."""
    lines = text_of(request).split("\n")
    delimiter = between(lines[:LOOK])
    rows = _rows(lines, delimiter) if delimiter else lines
    return sections("", rows, request.characters)


def between(lines: list[str]) -> str:
    """What stands between the cells: it is in most lines. Empty where nothing is."""
    full = [line for line in lines if line.strip()]
    most = max(DELIMITERS, key=lambda one: (_lines_with(one, full), "".join(full).count(one)))
    return most if 2 * _lines_with(most, full) > len(full) else ""


def _lines_with(delimiter: str, lines: list[str]) -> int:
    return sum(delimiter in line for line in lines)


def _rows(lines: list[str], delimiter: str) -> Iterator[str]:
    try:
        for row in csv.reader((f"{line}\n" for line in lines), delimiter=delimiter):
            yield BETWEEN.join(" ".join(cell.split()) for cell in row)
    except csv.Error as error:  # a cell without an end
        raise Unreadable(Trouble.DAMAGED) from error
