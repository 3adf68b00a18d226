"""Sums, measures, ranges and plain numbers as they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from services.speakable import agreement, money, units
from services.speakable.figures import FIGURE, parsed, word_before, words_after
from services.speakable.nouns import Noun
from services.speakable.numerals import Form, Number, number

_LETTERS = "KkMBT"
"""Scales that are a letter, and stand close to their number."""


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_SIGN = f"[{''.join(sign for sign in money.SIGNS if len(sign) == 1)}]"
_SCALE = _any(name for name in money.SCALES if name not in _LETTERS)
_MEASURE = _any([*money.CURRENCIES, *money.CENTS, *units.UNITS])
_STOP = r"(?:\.(?=\s?[a-zа-яёіїєґ,;:)]))?"  # of an abbreviation, where the sentence goes on
_QUANTITY = re.compile(
    rf"(?:(?<![\w)\]])(?P<minus>[-−–]))?(?P<sign>{_SIGN}\s?)?(?<![\w.,])(?P<first>{FIGURE})"
    rf"(?:[ \u00a0]?[-–—][ \u00a0]?{_SIGN}?(?P<second>{FIGURE}))?"
    rf"(?:(?P<letter>[{_LETTERS}])(?![\w/])|[ \u00a0]?(?P<scale>{_SCALE})\b{_STOP})?"
    rf"(?:[ \u00a0]?(?P<measure>{_MEASURE})(?![\w/²³]){_STOP})?"
)
_TO = {"en": " to ", "ru": " – ", "uk": " – "}
_NOT_IN = {"en": ("р.",), "ru": ("год", "хв"), "uk": ("р.",)}


def counted(text: str, language: str) -> str:
    """The text with its quantities in words."""
    return _QUANTITY.sub(partial(_said, language=language), text)


def _said(found: re.Match[str], language: str) -> str:
    measure = (found["sign"] or found["measure"] or "").strip()
    if measure in _NOT_IN[language] or _is_part_of_a_name(found):
        return found[0]
    last = parsed(found["second"] or found["first"], language)
    value = replace(last, negative=bool(found["minus"]) and not found["second"])
    scale = found["letter"] or found["scale"]
    if measure in money.CURRENCIES and len(value.fraction) == 2 and not scale:
        form = Form(case=agreement.case_after(word_before(found), language))
        return money.total(value, money.CURRENCIES[measure], language, form)
    nouns = [money.scale(scale, language)] if scale else []
    nouns += [_noun(measure, language)] if measure else []
    said = _with_nouns(found, value, nouns, language)
    return f"{said} {found['measure']}" if found["sign"] and found["measure"] else said


def _with_nouns(found: re.Match[str], value: Number, nouns: list[Noun], language: str) -> str:
    """The quantity; after a scale its noun stands in the form for many."""
    before = word_before(found)
    if not nouns:
        form = agreement.form(value.whole, before, words_after(found), language)
        return _begun(found, value, form, language) + number(value, language, form)
    form = Form(case=agreement.case_after(before, language))
    begun = _begun(found, value, nouns[0].agreed(form, language), language)
    others = "".join(f" {noun.many}" for noun in nouns[1:])
    return begun + nouns[0].counted(value, language, form) + others


def _begun(found: re.Match[str], last: Number, form: Form, language: str) -> str:
    """The first number of a range, with what joins it to the second; empty where there is none."""
    if not found["second"]:
        return ""
    first = parsed(found["first"], language)
    rises = (first.whole, first.fraction) < (last.whole, last.fraction)
    return number(first, language, form) + (_TO[language] if rises else " ")


def _noun(measure: str, language: str) -> Noun:
    if measure in money.CURRENCIES:
        return money.currency(money.CURRENCIES[measure], language)
    if measure in money.CENTS:
        return money.cents(money.CENTS[measure], language)
    return units.noun(units.UNITS[measure], language)


def _is_part_of_a_name(found: re.Match[str]) -> bool:
    """As 4K and 3D are: what goes on with a letter that tells nothing."""
    picture = found["letter"] in ("K", "k") and found["first"] in ("2", "4", "8")
    following = found.string[found.end() : found.end() + 1]
    return (picture and not found["sign"]) or (following.isalpha() and not found["measure"])
