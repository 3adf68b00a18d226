"""Links in what people write."""

from __future__ import annotations

import re

LONGEST = 2000
"""Characters of a link; browsers and servers take hardly more."""

FEW = 60
"""Characters beside a link that are about it, and not a text of their own."""

_LINK = re.compile(r"https?://[^\s<>\"«»“”]+", re.IGNORECASE)
_AFTER = ".,;:!?'*_~…"
"""What ends a sentence, and not a link."""


def link(text: str) -> str:
    """The first link of a text, empty where there is none or where it is too long."""
    found = _LINK.search(text)
    whole = _ended(found[0]) if found else ""
    return whole if len(whole) <= LONGEST else ""


def only_link(text: str) -> str:
    """The link that a text is about as a whole, empty where it says something itself."""
    found = link(text)
    return found if len(text.replace(found, "", 1).strip()) <= FEW else ""


def is_link(ref: str) -> bool:
    """Whether the `ref` of an attachment is an address, for Telegram's names never look so."""
    return ref.lower().startswith(("http://", "https://"))


def _ended(whole: str) -> str:
    """Without what belongs to the sentence around it; a bracket stays that it opened itself."""
    while whole:
        text = whole.rstrip(_AFTER)
        for opening, closing in ("()", "[]"):
            if text.endswith(closing) and text.count(opening) < text.count(closing):
                text = text[:-1]
        if text == whole:
            break
        whole = text
    return whole
