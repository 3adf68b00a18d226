"""What a stranger called a file, made fit to be shown and stored."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

LONGEST = 100
"""Characters of a name that are kept, its ending among them."""

_ENDING = re.compile(r"\.\w{1,10}$")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""What is not seen: control characters, and those that turn the direction of a name around."""


def clean_name(name: str, otherwise: str = "document") -> str:
    """Take the last part of a path, without anything that cannot be seen.

    What begins with a dot would be hidden, and loses it. Nothing left gives `otherwise`.
    """
    last = re.split(r"[/\\]", name)[-1]
    return _shortened(_visible(last).lstrip(". ").rstrip(". ")) or otherwise


def page_name(address: str) -> str:
    """Call a page by its host and its path, without anything that cannot be seen."""
    try:
        parts = urlsplit(address)
        whole = f"{parts.hostname or ''}{unquote(parts.path)}"
    except ValueError:
        whole = ""
    return _visible(whole).rstrip("/ ")[:LONGEST] or "page"


def _visible(name: str) -> str:
    seen = "".join(one for one in name if unicodedata.category(one) not in _UNSEEN)
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    found = _ENDING.search(text)
    ending = found[0] if found else ""
    return text[: LONGEST - len(ending)].rstrip() + ending
