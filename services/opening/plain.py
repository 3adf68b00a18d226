"""Text that is nothing but text: what its bytes mean, and whether it is any."""

from __future__ import annotations

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

SAMPLE = 32 << 10
"""Bytes by which an encoding is guessed."""

STRANGE = 0.01
"""The share of control characters that no text has."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_GUESSED = ["cp1251", "koi8_r", "cp866", "cp1252", "cp1250", "gb18030", "shift_jis", "big5"]
_FITTING = frozenset("\n\r\t\f\v\x1b")


def decoded(content: bytes, *, markup: bool = False) -> str:
    """Return the text that the bytes are most likely to mean; what means nothing is replaced.

    In markup, what it declares itself counts.
    """
    return content.decode(encoding(content, markup=markup), "replace")


def encoding(content: bytes, *, markup: bool = False) -> str:
    """Guess in which encoding a text is."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    if wide := _wide(content):
        return wide
    if _is_utf8(content):
        return "utf-8"
    return (_declared(content) if markup else "") or _guess(content)


def is_text(content: bytes) -> bool:
    """Whether the bytes at the beginning of a file are of a text."""
    text = decoded(content)
    strange = sum(
        one == "\ufffd" or (unicodedata.category(one) == "Cc" and one not in _FITTING)
        for one in text
    )
    return bool(text) and strange <= STRANGE * len(text)


def _wide(content: bytes) -> str:
    """UTF-16 without a mark has zeros in spaces, and in Latin letters, always on the same side."""
    head = content[:SAMPLE]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) / 40 or min(even, odd) > len(head) / 400:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(content: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)  # its end may be cut off
    except UnicodeDecodeError:
        return False
    return True


def _declared(content: bytes) -> str:
    found = _DECLARED.search(content[:2048])
    try:
        return codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return ""


def _guess(content: bytes) -> str:
    best = from_bytes(content[:SAMPLE], cp_isolation=_GUESSED).best()
    return best.encoding if best else "cp1252"
