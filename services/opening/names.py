"""What a stranger called a file, made fit to be shown and stored."""

from __future__ import annotations

import re
import unicodedata

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
    seen = "".join(one for one in last if unicodedata.category(one) not in _UNSEEN)
    text = unicodedata.normalize("NFC", " ".join(seen.split())).lstrip(". ").rstrip(". ")
    return _shortened(text) or otherwise


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    found = _ENDING.search(text)
    ending = found[0] if found else ""
    return text[: LONGEST - len(ending)].rstrip() + ending
