"""Signs between words and numbers that have a name: №, &, +, ×, ½."""

from __future__ import annotations

import re

_NAMES = {  # English, Russian, Ukrainian
    "№": ("number", "номер", "номер"),
    "§": ("section", "параграф", "параграф"),
    "&": ("and", "и", "і"),
    "+": ("plus", "плюс", "плюс"),
    "=": ("equals", "равно", "дорівнює"),
    "×": ("times", "умножить на", "помножити на"),
    "÷": ("divided by", "разделить на", "поділити на"),
    "±": ("plus or minus", "плюс-минус", "плюс-мінус"),
    "≈": ("about", "примерно", "приблизно"),
    "≤": ("at most", "не больше", "не більше"),
    "≥": ("at least", "не меньше", "не менше"),
    "<": ("less than", "меньше", "менше"),
    ">": ("more than", "больше", "більше"),
    "/": ("slash", "дробь", "дріб"),
    "by": ("by", "на", "на"),
    "%": ("percent", "процентов", "відсотків"),
    "1/2": ("one half", "одна вторая", "одна друга"),
    "1/3": ("one third", "одна треть", "одна третина"),
    "2/3": ("two thirds", "две трети", "дві третини"),
    "1/4": ("one quarter", "одна четверть", "одна чверть"),
    "3/4": ("three quarters", "три четверти", "три чверті"),
}
_SAID = {
    language: {sign: names[column] for sign, names in _NAMES.items()}
    for column, language in enumerate(("en", "ru", "uk"))
}
_WRITTEN_AS_ONE = str.maketrans({"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"})
_FRACTION = re.compile(r"(?<![\w/.,])(?:1/[234]|2/3|3/4)(?![\w/])")
_SIZE = re.compile(r"(?<=\d)\s?[xх×](?=\s?\d)")
_NUMBER_SIGN = re.compile(r"(?:№|(?<!\w)#)\s?(?=\d)")
_BETWEEN = re.compile(r"(?<=\d)\s?([+=×÷*/])\s?(?=\d)|(?<=[\w)])\s([+=×÷*])\s(?=[\w(])")
_AROUND = re.compile(
    r"(?<!\S)([<>≤≥≈±~])\s?(?=[$€£₴₽]?\d)|(?<=\s)([<>≤≥≈±&])(?=\s)|(?<=\w)(&)(?=\w)"
)
_LEFT = re.compile(r"\s?%")
_PER = re.compile(r"(?<=[a-z])/(?=(?:second|minute|hour|day|week|month|year|person|mo|yr)\b)")
_POSITIVE = re.compile(r"(?<![\w+)])\+(?=\d)")


def before_numbers(text: str, language: str) -> str:
    """The text with the signs named that stand between or before its numbers."""
    said = _SAID[language]
    text = _FRACTION.sub(lambda found: said[found[0]], _apart(text).translate(_WRITTEN_AS_ONE))
    text = _SIZE.sub(f" {said['by']} ", text)
    text = _NUMBER_SIGN.sub(f"{said['№']} ", text)
    text = _BETWEEN.sub(lambda found: f" {said[_one(found).replace('*', '×')]} ", text)
    return _AROUND.sub(lambda found: f" {said[_one(found).replace('~', '≈')]} ", text)


def of_numbers(text: str, language: str) -> str:
    """The text with the plus named that belongs to a number, and is none of a telephone."""
    return _POSITIVE.sub(f"{_SAID[language]['+']} ", text)


def after_numbers(text: str, language: str) -> str:
    """The text with the signs named that no number took, and one space between words."""
    text = _PER.sub(" per ", text) if language == "en" else text
    return " ".join(_LEFT.sub(f" {_SAID[language]['%']}", text).split())


def _one(found: re.Match[str]) -> str:
    return next(sign for sign in found.groups() if sign)


def _apart(text: str) -> str:
    return re.sub(r"(?<=\d)(?=[½⅓⅔¼¾])", " ", text)
