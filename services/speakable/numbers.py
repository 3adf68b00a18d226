"""Reads what is written in digits and signs as a person would, in English, Russian, Ukrainian."""

from __future__ import annotations

import re

from services.speakable.dates import dated
from services.speakable.numerals import LANGUAGES
from services.speakable.ordinals import ranked
from services.speakable.quantities import counted
from services.speakable.runs import spelled
from services.speakable.shortened import in_full
from services.speakable.symbols import after_numbers, before_numbers, of_numbers

_WORTH_IT = re.compile(r"[\d½⅓⅔¼¾№§&+=×÷±≈≤≥<>%.]")
_OTHER_DIGITS = re.compile(r"[^\W\D]")


def in_words(text: str, language: str) -> str:
    """The text with its numbers in words; as it stands in a language that nobody taught us."""
    if language not in LANGUAGES or not _WORTH_IT.search(text):
        return text
    text = _OTHER_DIGITS.sub(lambda found: str(int(found[0])), in_full(text, language))
    text = dated(text, language)
    text = ranked(text, language)
    text = spelled(before_numbers(text, language), language)
    text = counted(of_numbers(text, language), language)
    return after_numbers(text, language)
