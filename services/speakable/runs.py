"""Digits that are no number: telephones, cards, codes, and the versions of programs."""

from __future__ import annotations

import re
from functools import partial

from services.speakable.numerals import cardinal, digits

LONG = 8
"""Digits in a row that are read one by one."""

_TELEPHONE = re.compile(
    r"(?<![\w.,])\+\d(?:[ ().\u00a0-]{0,2}\d){5,17}(?!\w)"
    r"|(?<![\w.,+-])(?:\(\d{2,5}\)[ -]?|\d{1,4}-)\d{2,4}(?:[ -]\d{2,4}){1,4}(?![\w-])"
    r"|(?<![\w.,])\d{4}(?: \d{4}){3}(?!\w)"
)
_RUN = re.compile(rf"(?<![\w.,])(?<!\d[ \u00a0])(?:\d{{{LONG},60}}|0\d{{1,60}})(?!\w)(?![.,]\d)")
_VERSION = re.compile(
    r"(?<![\w.,])(?P<v>[vV]\.?)?(?P<parts>\d{1,9}(?:\.\d{1,9}){0,9})(?!\w|[.,]\d)"
)
_DOT = {"en": "point", "ru": "точка", "uk": "крапка"}
_NAME = {"en": "version", "ru": "версия", "uk": "версія"}


def spelled(text: str, language: str) -> str:
    """The text with such digits in words."""
    text = _TELEPHONE.sub(partial(_telephone, language=language), text)
    text = _RUN.sub(partial(_run, language=language), text)
    return _VERSION.sub(partial(_version, language=language), text)


def _telephone(found: re.Match[str], language: str) -> str:
    groups = re.findall(r"\d+", found[0])
    if sum(map(len, groups)) < 7:
        return found[0]
    plus = {"en": "plus", "ru": "плюс", "uk": "плюс"}[language]
    said = _grouped(groups, language)
    return f"{plus} {said}" if found[0].startswith("+") else said


def _run(found: re.Match[str], language: str) -> str:
    run = found[0]
    return _grouped([run[at : at + 3] for at in range(0, len(run), 3)], language)


def _grouped(groups: list[str], language: str) -> str:
    return ", ".join(digits(group, language) for group in groups)


def _version(found: re.Match[str], language: str) -> str:
    """What has two points, or a "v", or in Cyrillic the Latin name of a program before it."""
    parts = found["parts"].split(".")
    named = language != "en" and re.search(r"[A-Za-z]\s$", found.string[: found.start()])
    if not found["v"] and len(parts) < 3 and not (named and len(parts) == 2):
        return found[0]
    said = f" {_DOT[language]} ".join(_part(part, language) for part in parts)
    return f"{_NAME[language]} {said}" if found["v"] else said


def _part(part: str, language: str) -> str:
    if part[0] == "0":
        return digits(part, language)
    return cardinal(int(part), language)
