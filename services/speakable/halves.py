"""Parts what is said in one breath in two, where a voice may take another."""

from __future__ import annotations

from dataclasses import replace

from services.speakable.reader import Utterance
from services.speakable.sentences import CONJUNCTIONS

BREATH = 0.05
"""Seconds of silence between the halves."""

BEFORE, AFTER = 3, 2
"""Words that a half has at least; fewer sound chopped."""

_PREPOSITIONS = (
    "in on at for from into behind after before through against by between during without near"
    " в во на с со из от до для без через при под над между после перед около среди против"
    " у в на з із зі від до для без через при під над між після перед біля серед проти"
)
PREPOSITIONS = frozenset(_PREPOSITIONS.split())

_COUNTED = frozenset(
    {"hundred", "thousand", "million", "billion", "целая", "целых", "ціла", "цілих"}
)
"""Words of numbers after which an "and" belongs to the number."""

_HOLDING = CONJUNCTIONS | PREPOSITIONS | frozenset({"as", "of", "to", "out"})
"""Words that hold on to what follows them."""

_SIGNS = ",;:—–"


def halved(utterance: Utterance) -> tuple[Utterance, ...]:
    """Two utterances of about one length, or the one as it is where nobody would breathe in it."""
    words = utterance.text.split()
    borders = [at for at in range(BEFORE, len(words) - AFTER + 1) if _parts(words, at)]
    if not borders:
        return (utterance,)
    at = min(borders, key=lambda one: _longer(words, one))
    first, second = " ".join(words[:at]), " ".join(words[at:])
    comma = "," if first[-1].isalnum() else ""
    return (
        replace(utterance, text=first + comma, pause=BREATH),
        replace(utterance, text=second),
    )


def _parts(words: list[str], at: int) -> bool:
    """Whether a phrase begins here; "as well as in" is one, and so is "two and a half"."""
    before, word = words[at - 1].casefold(), words[at].casefold()
    if before.endswith(tuple(_SIGNS)):
        return True
    if before in _HOLDING or before in _COUNTED:
        return False
    return word in CONJUNCTIONS | PREPOSITIONS and words[at : at + 2] != ["and", "a"]


def _longer(words: list[str], at: int) -> int:
    return max(len(" ".join(words[:at])), len(" ".join(words[at:])))
