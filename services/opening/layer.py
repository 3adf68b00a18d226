"""Whether the text layer of a page can be believed, by its text alone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

BAD = 0.1
"""The share of characters that mean nothing from which on the layer is broken."""

FEW_VOWELS = 0.22
"""No language that is written with vowels has fewer of them."""

ACCENTED = 0.6
"""The share of accented letters that only Cyrillic read as Latin has; Vietnamese stays below."""

ENOUGH = 80
"""Letters from which on shares say something."""

SAMPLE = 600
"""About so many characters of a page are counted."""

SPACE, NONSENSE, OTHER, LATIN, CYRILLIC = "space", "nonsense", "other", "latin", "cyrillic"
VOWEL, ACCENT = " vowel", " accent"

_MEANINGLESS = frozenset({"Cc", "Cn", "Co", "Cs"})
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_VOWELS = frozenset("aeiouyаеёиоуыэюяіїєў")
_NOISE = "".join(map(chr, (*range(9), *range(11, 32), 0x7F, 0xFFFE, 0xFFFF, 0xFEFF, 0x200B)))
_BROKEN_WORD = re.compile("[\x02\ufffe]\r?\n?")


def tidy(text: str) -> str:
    """Plain lines: a word that was broken at the end of a line is whole again."""
    if "\x02" in text or "\ufffe" in text:
        text = _BROKEN_WORD.sub("", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for one in _NOISE:  # looking for each is many times quicker than one pattern
        if one in text:
            text = text.replace(one, "")
    return text.strip()


def believable(text: str) -> bool:
    """Whether somebody could have meant this text, as far as its characters tell."""
    found = Counter[str]()
    for one, many in Counter(text[:: len(text) // SAMPLE + 1]).items():
        found[_nature(one)] += many
    seen = sum(found.values()) - found[SPACE]
    if found[NONSENSE] > BAD * seen:
        return False
    return _spoken(found, LATIN) and _spoken(found, CYRILLIC)


def _spoken(found: Mapping[str, int], script: str) -> bool:
    """Whether the letters of a script occur as they do in a language."""
    accented = found[script + ACCENT] + found[script + VOWEL + ACCENT]
    vowels = found[script + VOWEL] + found[script + VOWEL + ACCENT]
    whole = found[script] + found[script + ACCENT] + vowels
    if whole < ENOUGH:
        return True
    return accented <= ACCENTED * whole and vowels >= FEW_VOWELS * whole


@lru_cache(maxsize=1 << 14)
def _nature(one: str) -> str:
    """What a character is; pages are many, characters are few."""
    if one.isspace():
        return SPACE
    if one == "\ufffd" or unicodedata.category(one) in _MEANINGLESS:
        return NONSENSE
    script = LATIN if _LATIN.match(one) else CYRILLIC if _CYRILLIC.match(one) else OTHER
    vowel = VOWEL if unicodedata.normalize("NFD", one.lower())[0] in _VOWELS else ""
    return script + vowel + (ACCENT if "\u00c0" <= one <= "\u00ff" else "")
