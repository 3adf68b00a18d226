"""Whether a sentence ends between two words, or one pauses there."""

from __future__ import annotations

import re

from services.speakable.abbreviations import BEFORE_A_NUMBER, COUNTED, NEVER, SOMETIMES

_CLOSERS = "\"'”“’»)]}*_~`›」』）"
_OPENERS = "\"'“„‘«([{*_~`¿¡‹「『（"
_DASHES = "-–—"
_FULL = "。！？"  # no space follows these, and they are part of no abbreviation
_LETTER = re.compile(r"[^\W\d_]")


def ends(word: str, following: str, before: str = "") -> bool:
    """Whether a sentence ends after `word`; `before` and `following` are its neighbours.

    A lower-case letter or a dash never begins a sentence, so “Stop!” he said is one.
    """
    bare = word.rstrip(_CLOSERS)
    if bare.endswith(tuple(_FULL)):
        return True
    if not bare.endswith((".", "!", "?", "…", "؟", "।")) or goes_on(following):
        return False
    if not bare.endswith(".") or bare.endswith(".."):
        return True
    return _full_stop(bare[:-1].lstrip(_OPENERS + _DASHES), following, before)


def goes_on(following: str) -> bool:
    """Whether a word can only stand inside a sentence."""
    begin = following.lstrip(_OPENERS)
    return begin[:1].islower() or (bool(begin) and not begin.strip(_DASHES))


def pauses(word: str) -> bool:
    """Whether one pauses after this word, though the sentence goes on."""
    bare = word.rstrip(_CLOSERS)
    if bare.endswith("."):
        name = bare[:-1].lstrip(_OPENERS)
        return len(name) > 3 and _full_stop(name, "", "x")
    return bare.endswith((",", ";", ":", "!", "?", "…", "，", "；", "、")) or word in _DASHES


def _full_stop(word: str, following: str, before: str) -> bool:
    """Whether the one stop after the word is more than that of an abbreviation."""
    name = word.casefold()
    if name.isdigit():
        return bool(before)  # at the beginning it is the number of an item
    begin = following.lstrip(_OPENERS)[:1]
    if name in BEFORE_A_NUMBER and not begin.isdigit():
        return True
    if _may_end(name, before):
        return bool(_LETTER.match(begin))
    if name in NEVER or name in BEFORE_A_NUMBER or _initials(word):
        return False
    return len(name) > 1 or bool(_LETTER.match(begin))


def _may_end(name: str, before: str) -> bool:
    counted = name in COUNTED and before[:1].isdigit()
    and_so_on = name in ("д", "п") and before.casefold() == "т."
    return counted or and_so_on or name in SOMETIMES


def _initials(word: str) -> bool:
    """One capital letter, or several with stops between them, but not the English "I"."""
    return word != "I" and all(len(part) == 1 and part.isupper() for part in word.split("."))
