"""Plain text, Markdown and source code: as they are, cut into sections."""

from __future__ import annotations

from services.opening.layer import tidy
from services.opening.plain import decoded
from services.opening.readings import Sections
from services.opening.request import Request
from services.opening.sections import sections
from services.opening.troubles import Trouble, Unreadable

WIDEST = 4
"""Bytes that a character has at most."""


def text_of(request: Request) -> str:
    """The text of a file; raises Unreadable where it is too long."""
    if request.file.stat().st_size > WIDEST * request.characters:
        raise Unreadable(Trouble.CHARACTERS)
    return tidy(decoded(request.file.read_bytes()))


def read(request: Request) -> Sections:
    """Read it line by line; a heading of Markdown at its beginning is its title."""
    lines = text_of(request).split("\n")
    first = lines[0]
    title = first[2:] if first.startswith("# ") else ""
    return sections(title, lines, request.characters)
