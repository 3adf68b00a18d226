"""Rich text (RTF)."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from services.opening.layer import tidy
from services.opening.readings import Sections
from services.opening.request import Request
from services.opening.sections import sections

_PICTURE = re.compile(r"[0-9a-fA-F\r\n]{400,}")
"""Pictures are written as digits, and would take minutes to be gone through."""


def read(request: Request) -> Sections:
    """Read it by its own code page; rows of tables are lines."""
    source = _PICTURE.sub("", request.file.read_bytes().decode("latin-1"))
    text = tidy(rtf_to_text(source, encoding="cp1252", errors="replace"))  # type: ignore[no-untyped-call]
    lines = (line.strip().rstrip("|") for line in text.split("\n"))
    return sections("", lines, request.characters)
