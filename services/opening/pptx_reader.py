"""Presentations (PPTX): each slide is a page, with what its speaker notes say."""

from __future__ import annotations

import posixpath
from types import MappingProxyType
from typing import Any

from services.opening.flow import Flow, Grammar
from services.opening.packages import Package
from services.opening.readings import Parts
from services.opening.request import Request

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MAIN = "ppt/presentation.xml"
TITLES = frozenset({"title", "ctrTitle"})


def _heading(paragraph: Any) -> int:
    shape = next(paragraph.iterancestors(f"{P}sp"), None)
    place = None if shape is None else next(shape.iter(f"{P}ph"), None)
    return 1 if place is not None and place.get("type") in TITLES else 0


GRAMMAR = Grammar(
    paragraphs=frozenset({f"{A}p"}),
    rows=frozenset({f"{A}tr"}),
    cells=frozenset({f"{A}tc"}),
    texts=frozenset({f"{A}t"}),
    skipped=frozenset({FALLBACK, f"{A}fld"}),  # the number of the slide, and the day
    marks=MappingProxyType({f"{A}br": "\v", f"{A}tab": "\t"}),
    heading=_heading,
)


def read(request: Request) -> Parts:
    """Open it; a slide is read when it is asked for."""
    package = Package.open(request.file)
    targets = _targets(package, MAIN)
    listed = package.tree(MAIN).iter(f"{P}sldId")
    slides = [targets[one.get(f"{R}id")][1] for one in listed]
    title = package.title("docProps/core.xml")
    return Parts(title, len(slides), lambda number: _text(package, slides[number - 1]))


def _text(package: Package, slide: str) -> str:
    lines = Flow(GRAMMAR).walk(package.tree(slide))
    for kind, target in _targets(package, slide).values():
        if kind.endswith("/notesSlide") and package.has(target):
            notes = Flow(GRAMMAR).walk(package.tree(target))
            lines += ["Notes:", *notes] if notes else []
    return "\n".join(lines)


def _targets(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: the kind and the name of each, by its number."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if not package.has(relations):
        return {}
    return {
        one.get("Id"): (one.get("Type", ""), _name(folder, one.get("Target", "")))
        for one in package.tree(relations)
    }


def _name(folder: str, target: str) -> str:
    """The name of a member, which is given from the folder or from the root."""
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
