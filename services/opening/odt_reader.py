"""OpenDocument: texts (ODT), and tables and slides as far as they are text."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from services.opening.flow import Flow, Grammar
from services.opening.packages import Package
from services.opening.readings import Sections
from services.opening.request import Request
from services.opening.sections import sections
from services.opening.troubles import Trouble, Unreadable

_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:"
TEXT, TABLE, OFFICE = f"{_SPACE}text:1.0}}", f"{_SPACE}table:1.0}}", f"{_SPACE}office:1.0}}"
LOCKED = b"encryption-data"


def _heading(paragraph: Any) -> int:
    if paragraph.tag != f"{TEXT}h":
        return 0
    level = paragraph.get(f"{TEXT}outline-level", "1")
    return int(level) if level in {"1", "2", "3", "4", "5", "6"} else 6


GRAMMAR = Grammar(
    paragraphs=frozenset({f"{TEXT}p", f"{TEXT}h"}),
    rows=frozenset({f"{TABLE}table-row"}),
    cells=frozenset({f"{TABLE}table-cell"}),
    skipped=frozenset({f"{TEXT}tracked-changes", f"{OFFICE}annotation"}),
    marks=MappingProxyType({f"{TEXT}tab": "\t", f"{TEXT}s": " ", f"{TEXT}line-break": "\v"}),
    heading=_heading,
)


def read(request: Request) -> Sections:
    """Read the body; raises Unreadable where it is locked."""
    package = Package.open(request.file)
    manifest = "META-INF/manifest.xml"
    if package.has(manifest) and LOCKED in package.read(manifest):
        raise Unreadable(Trouble.PROTECTED)
    body = package.tree("content.xml").find(f"{OFFICE}body")
    lines = [] if body is None else Flow(GRAMMAR).walk(body)
    return sections(package.title("meta.xml"), lines, request.characters)
