"""The trace of an error without what people wrote.

Some errors quote the value that they could not take: the word that was no number, the row that the
database refused. Their class and the lines of code that led there say enough.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator

_QUOTING = (ValueError, LookupError)
_QUOTING_LIBRARIES = frozenset({"pydantic", "pydantic_core", "sqlalchemy"})


def trace(error: BaseException) -> str:
    """The lines of code and the classes of the error, of what caused it and of what it groups."""
    return "".join(_lines(error, set())).rstrip("\n")


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _lines(before, seen)
        yield "and then:\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_said(error)}\n"
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from (f"  {line}" for line in _lines(inner, seen))


def _said(error: BaseException) -> str:
    library = type(error).__module__.partition(".")[0]
    quotes = isinstance(error, _QUOTING) or library in _QUOTING_LIBRARIES
    return "(what it says is not logged)" if quotes else str(error)
