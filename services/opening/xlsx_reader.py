"""Workbooks (XLSX): each sheet is a page, each row a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]

from services.opening.flow import BETWEEN
from services.opening.packages import Package
from services.opening.readings import Parts
from services.opening.request import Request
from services.opening.troubles import Trouble, Unreadable


def read(request: Request) -> Parts:
    """Open it; a sheet is read when it is asked for. Formulas are what they gave last."""
    Package.open(request.file)  # only to see that it is no bomb
    book = load_workbook(request.file, read_only=True, data_only=True, keep_links=False)
    sheets = book.worksheets
    return Parts(
        book.properties.title or "",
        len(sheets),
        lambda number: _text(sheets[number - 1], request.characters),
    )


def _text(sheet: Any, most: int) -> str:
    sheet.reset_dimensions()  # a sheet may say that it is as large as it likes
    lines, size = [f"# {sheet.title}"], 0
    for row in sheet.iter_rows(values_only=True):
        if line := _line(row):
            lines.append(line)
            size += len(line) + 1
            if size > most:
                raise Unreadable(Trouble.CHARACTERS)
    return "\n".join(lines)


def _line(row: Iterable[object]) -> str:
    cells = [_cell(one) for one in row]
    while cells and not cells[-1]:
        cells.pop()
    return BETWEEN.join(cells)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(" ", "seconds")
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return f"{value:.12g}"
    return " ".join(str(value).split())
