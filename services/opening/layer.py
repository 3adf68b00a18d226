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

_MEANINGLESS = frozenset({"Cc", "Cn", "Co", "Cs"})
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_VOWELS = frozenset("aeiouyаеёиоуыэюяіїєў")
_NOISE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ufeff\u200b]")
_BROKEN_WORD = re.compile("[\x02\ufffe]\r?\n?")


def tidy(text: str) -> str:
    """Plain lines: a word that was broken at the end of a line is whole again."""
    whole = _BROKEN_WORD.sub("", text)
    return _NOISE.sub("", whole.replace("\r\n", "\n").replace("\r", "\n")).strip()


def believable(text: str) -> bool:
    """Whether somebody could have meant this text, as far as its characters tell."""
    counts = Counter(text)  # a page has few different characters, and this must be quick
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
