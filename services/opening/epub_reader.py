"""Books (EPUB): each chapter is a page."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from services.opening import html_reader
from services.opening.packages import Package
from services.opening.plain import decoded
from services.opening.readings import Parts
from services.opening.request import Request
from services.opening.troubles import Trouble, Unreadable

CONTAINER = "META-INF/container.xml"
RIGHTS = ("META-INF/rights.xml", "META-INF/license.lcpl")
"""What books have that only their seller's program opens."""


def read(request: Request) -> Parts:
    """Open it; a chapter is read when it is asked for."""
    package = Package.open(request.file)
    if any(package.has(one) for one in RIGHTS):
        raise Unreadable(Trouble.PROTECTED)
    root = next(package.tree(CONTAINER).iter("{*}rootfile"), None)
    if root is None:
        raise Unreadable(Trouble.DAMAGED)
    main = root.get("full-path", "")
    chapters = _chapters(package, main)
    return Parts(
        package.title(main), len(chapters), lambda number: _text(package, chapters[number - 1])
    )


def _chapters(package: Package, main: str) -> list[str]:
    """The members that are the book, in their order."""
    tree, folder = package.tree(main), posixpath.dirname(main)
    places = {one.get("id"): one.get("href", "") for one in tree.iter("{*}item")}
    spine = [places.get(one.get("idref"), "") for one in tree.iter("{*}itemref")]
    names = [posixpath.normpath(posixpath.join(folder, unquote(one))) for one in spine if one]
    return [name for name in names if package.has(name)]


def _text(package: Package, chapter: str) -> str:
    text = decoded(package.read(chapter), markup=True)
    return "\n".join(html_reader.lines(html_reader.parsed(text))) if text.strip() else ""
