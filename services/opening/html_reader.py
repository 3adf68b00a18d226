"""Web pages (HTML), and what is written like them: FB2, and the chapters of EPUB."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from services.opening.flow import Flow, Grammar
from services.opening.plain import decoded
from services.opening.readings import Sections
from services.opening.request import Request
from services.opening.sections import sections
from services.opening.troubles import Trouble, Unreadable

_LEVELS = MappingProxyType({f"h{level}": level for level in range(1, 7)})
_BLOCKS = (
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption "
    "figure footer form header hr li main nav ol option p pre section summary table title ul "
    "v subtitle text-author"
)

GRAMMAR = Grammar(
    paragraphs=frozenset({*_BLOCKS.split(), *_LEVELS}),
    rows=frozenset({"tr"}),
    cells=frozenset({"td", "th"}),
    skipped=frozenset({"head", "script", "style", "template", "noscript", "svg", "binary"}),
    marks=MappingProxyType({"br": "\v"}),
    heading=lambda element: _LEVELS.get(element.tag, 0),
)


def read(request: Request) -> Sections:
    """Read what a browser would show."""
    root = parsed(decoded(request.file.read_bytes(), markup=True))
    titles = (one.text for one in root.iter("title", "book-title") if one.text)
    return sections(next(titles, ""), lines(root), request.characters)


def parsed(text: str) -> Any:
    """Take HTML apart, however bad; raises Unreadable where nothing is in it."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    if root is None:
        raise Unreadable(Trouble.NO_TEXT)
    return root


def lines(root: Any) -> list[str]:
    """Its text, line by line."""
    return Flow(GRAMMAR).walk(root)
