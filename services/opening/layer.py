"""Whether the text layer of a page can be believed, by its text alone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

BAD = 0.1
"""The share of characters that mean nothing from which on the layer is broken."""

FEW_VOWELS = 0.22
"""No language that is written with vowels has fewer of them."""

ACCENTED = 0.6
"""The share of accented letters that only Cyrillic read as Latin has; Vietnamese stays below."""

ENOUGH = 80
"""Letters from which on shares say something."""

SAMPLE = 1200
"""About so many characters of a page are counted."""

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
    counts = Counter(text[:: len(text) // SAMPLE + 1])  # this must be quick
    seen = {one: many for one, many in counts.items() if not one.isspace()}
    bad = sum(many for one, many in seen.items() if _meaningless(one))
    if bad > BAD * sum(seen.values()):
        return False
    return all(_spoken(_only(seen, script)) for script in (_LATIN, _CYRILLIC))


def _meaningless(one: str) -> bool:
    return one == "\ufffd" or unicodedata.category(one) in _MEANINGLESS


def _only(seen: Mapping[str, int], script: re.Pattern[str]) -> Mapping[str, int]:
    return {one: many for one, many in seen.items() if script.match(one)}


def _spoken(letters: Mapping[str, int]) -> bool:
    """Whether the letters of a script occur as they do in a language."""
    whole = sum(letters.values())
    if whole < ENOUGH:
        return True
    accented = sum(many for one, many in letters.items() if "\u00c0" <= one <= "\u00ff")
    vowels = sum(many for one, many in letters.items() if _bare(one) in _VOWELS)
    return accented <= ACCENTED * whole and vowels >= FEW_VOWELS * whole


def _bare(one: str) -> str:
    return unicodedata.normalize("NFD", one.lower())[0]
