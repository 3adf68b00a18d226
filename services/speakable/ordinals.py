"""Numbers with an ending: 1st, 5-й, 90-х, 5-летний."""

from __future__ import annotations

import re
from functools import partial

from services.speakable.numerals import Form, cardinal, ordinal

_ENGLISH = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3}){1,2}|\d{1,9})(?:st|nd|rd|th)\b")
_CYRILLIC = re.compile(r"(?<![\w.,])(\d{1,9})-([а-яёіїєґ]{1,3})(?![\w-])")
_COMPOUND = re.compile(r"(?<![\w.,])(\d{1,2})-([а-яёіїєґ]{4,30})(?!\w)")

_HE, _SHE, _IT = Form("m"), Form("f"), Form("n")
_MANY, _OF_MANY = Form(plural=True), Form(case="g", plural=True)
_SHARED = {
    "й": _HE,
    "го": Form("m", "g"),
    "ого": Form("m", "g"),
    "му": Form("m", "d"),
    "ому": Form("m", "d"),
    "е": _IT,
    "х": _OF_MANY,
    "их": _OF_MANY,
    "ми": Form(case="i", plural=True),
}
_FORMS = {
    "ru": {
        **_SHARED,
        **dict.fromkeys(("ый", "ий"), _HE),
        **dict.fromkeys(("я", "ая"), _SHE),
        **dict.fromkeys(("ой",), Form("f", "g")),
        **dict.fromkeys(("ю", "ую"), Form("f", "a")),
        **dict.fromkeys(("ое",), _IT),
        **dict.fromkeys(("ые", "ие"), _MANY),
        **dict.fromkeys(("ых",), _OF_MANY),
        **dict.fromkeys(("м", "ом"), Form("m", "p")),
        **dict.fromkeys(("ым",), Form("m", "i")),
    },
    "uk": {
        **_SHARED,
        **dict.fromkeys(("ий",), _HE),
        **dict.fromkeys(("а", "я", "ша", "та"), _SHE),
        **dict.fromkeys(("ї", "ої"), Form("f", "g")),
        **dict.fromkeys(("у", "ту"), Form("f", "a")),
        **dict.fromkeys(("те", "ше"), _IT),
        **dict.fromkeys(("і", "ті"), _MANY),
        **dict.fromkeys(("м", "им"), Form("m", "i")),
    },
}


def ranked(text: str, language: str) -> str:
    """The text with its ordinals in words."""
    if language == "en":
        return _ENGLISH.sub(lambda found: ordinal(int(found[1].replace(",", "")), "en"), text)
    text = _CYRILLIC.sub(partial(_with_ending, language=language), text)
    return _COMPOUND.sub(partial(_compound, language=language), text)


def _with_ending(found: re.Match[str], language: str) -> str:
    form = _FORMS[language].get(found[2])
    return ordinal(int(found[1]), language, form) if form else found[0]


def _compound(found: re.Match[str], language: str) -> str:
    """Five years old is one word in Russian and Ukrainian, and its number a genitive."""
    if int(found[1]) < 2:
        return found[0]
    number = {"90": "девяносто", "40": "сорока"}.get(found[1]) if language == "ru" else None
    said = number or cardinal(int(found[1]), language, Form(case="g")).replace(" ", "")
    return said + found[2]
