"""Word documents (DOCX)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.opening.flow import Flow, Grammar
from services.opening.packages import Package
from services.opening.readings import Sections
from services.opening.request import Request
from services.opening.sections import sections

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")

_STYLE = re.compile(r"heading ([1-6])$", re.IGNORECASE)


def read(request: Request) -> Sections:
    """Read the body, then the notes."""
    package = Package.open(request.file)
    grammar = _grammar(_levels(package))
    lines = [
        line
        for part in PARTS
        if package.has(part)
        for line in Flow(grammar).walk(package.tree(part))
    ]
    return sections(package.title("docProps/core.xml"), lines, request.characters)


def _grammar(levels: Mapping[str, int]) -> Grammar:
    def heading(paragraph: Any) -> int:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return 0 if style is None else levels.get(style.get(f"{W}val"), 0)

    return Grammar(
        paragraphs=frozenset({f"{W}p"}),
        rows=frozenset({f"{W}tr"}),
        cells=frozenset({f"{W}tc"}),
        texts=frozenset({f"{W}t"}),
        skipped=frozenset({FALLBACK, f"{W}moveFrom"}),
        marks=MappingProxyType({f"{W}tab": "\t", f"{W}br": "\v", f"{W}cr": "\v"}),
        heading=heading,
    )


def _levels(package: Package) -> dict[str, int]:
    """The styles that are headings, whatever the language of the program that wrote them."""
    if not package.has("word/styles.xml"):
        return {}
    levels = {}
    for style in package.tree("word/styles.xml").iter(f"{W}style"):
        name = style.find(f"{W}name")
        called = "" if name is None else name.get(f"{W}val") or ""
        if found := _STYLE.match(called):
            levels[style.get(f"{W}styleId")] = int(found[1])
        elif called.lower() == "title":
            levels[style.get(f"{W}styleId")] = 1
    return levels
