"""Letters as they are compared, and text as both databases can hold it."""

from __future__ import annotations

import re
import unicodedata

_UNHOLDABLE = re.compile("[\x00\ud800-\udfff]")
_BROKEN_LINE = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]*\r?\n[ \t]*(?=[^\W\d_])")
_UNSEEN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff'\u2019\u02bc`]+")
_ALIKE = str.maketrans({"ґ": "г", "ı": "i", "ł": "l", "ø": "o", "đ": "d"})


def holdable(text: str) -> str:
    """The text without what no database takes: NUL, which ends it, and halves of characters."""
    return _UNHOLDABLE.sub("", text)


def folded(text: str) -> str:
    """The text without case, accents and apostrophes, and with words that lines broke made whole.

    So й is и and ё is е, in what is looked for as in what is found.
    """
    whole = _BROKEN_LINE.sub("", text)
    apart = unicodedata.normalize("NFKD", whole).casefold()
    return unicodedata.normalize("NFC", _UNSEEN.sub("", apart)).translate(_ALIKE)
