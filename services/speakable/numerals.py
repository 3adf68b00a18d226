"""Numbers as words in English, Russian and Ukrainian, in the gender and case that are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Gender = Literal["m", "f", "n"]
Case = Literal["n", "g", "d", "a", "i", "p"]
"""As num2words names them: nominative, genitive, dative, accusative, instrumental, and "p" for the
prepositional or locative."""

LANGUAGES = ("en", "ru", "uk")

LARGEST = 10**15
"""From here on the digits are read one by one: nobody takes in such a number by ear."""

_POINT = {"en": "point", "ru": "запятая", "uk": "кома"}
_MINUS = {"en": "minus", "ru": "минус", "uk": "мінус"}
_UK_CASES = {"n": "nominative", "g": "genitive", "d": "dative", "i": "instrumental"}
_UK_TENTHS = {1: ("десята", "десятих"), 2: ("сота", "сотих"), 3: ("тисячна", "тисячних")}
_UK_ENDINGS = {  # masculine, feminine, neuter, plural; after a hard consonant
    "n": ("ий", "а", "е", "і"),
    "g": ("ого", "ої", "ого", "их"),
    "d": ("ому", "ій", "ому", "им"),
    "a": ("ий", "у", "е", "і"),
    "i": ("им", "ою", "им", "ими"),
    "p": ("ому", "ій", "ому", "их"),
}
_UK_THIRD = {
    "n": ("ій", "я", "є", "і"),
    "g": ("ього", "ьої", "ього", "іх"),
    "d": ("ьому", "ій", "ьому", "ім"),
    "a": ("ій", "ю", "є", "і"),
    "i": ("ім", "ьою", "ім", "іми"),
    "p": ("ьому", "ій", "ьому", "іх"),
}
_UK_MISTAKES = (("тисячи", "тисячі"), ("п'ятидесят", "п'ятдесят"))  # of num2words


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written: its whole part, and the digits after the point."""

    whole: int
    fraction: str = ""
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The grammatical form that the words around a number ask for."""

    gender: Gender = "m"
    case: Case = "n"
    plural: bool = False


PLAIN = Form()


def number(value: Number, language: str, form: Form = PLAIN) -> str:
    """The number as it is read."""
    said = _decimal(value, language) if value.fraction else cardinal(value.whole, language, form)
    return f"{_MINUS[language]} {said}" if value.negative else said


def cardinal(value: int, language: str, form: Form = PLAIN) -> str:
    """One, two, three."""
    if value >= LARGEST:
        return digits(str(value), language)
    if language == "ru":
        animate = {"animate": False} if form.case == "a" else {}
        return _words(value, "ru", gender=form.gender, case=form.case, **animate)
    if language == "uk":
        return _ukrainian(value, form)
    return _words(value, "en").replace(",", "")


def ordinal(value: int, language: str, form: Form = PLAIN) -> str:
    """First, second, third."""
    if value >= LARGEST:
        return digits(str(value), language)
    if language == "ru":
        return _words(
            value,
            "ru",
            to="ordinal",
            gender=form.gender,
            case=form.case,
            plural=form.plural,
            animate=False,
        )
    said = _words(value, language, to="ordinal").replace(",", "")
    return _ukrainian_ordinal(said, form) if language == "uk" else said


def year(value: int) -> str:
    """A year in English: nineteen oh-five."""
    return _words(value, "en", to="year").replace(",", "")


def digits(run: str, language: str) -> str:
    """Each digit by itself."""
    return " ".join(cardinal(int(sign), language) for sign in run if sign.isdecimal())


def ends_in(value: int) -> int:
    """1 for 1, 21 and so on, 2 to 4 for theirs, and 0 for all others: what a noun agrees with."""
    return 0 if value % 100 in range(11, 15) or value % 10 > 4 else value % 10


def _decimal(value: Number, language: str) -> str:
    if language != "en" and len(value.fraction) <= 3:
        return _parts(value, language)
    whole = cardinal(value.whole, language)
    return f"{whole} {_POINT[language]} {digits(value.fraction, language)}"


def _parts(value: Number, language: str) -> str:
    """Three wholes and five tenths, as one says in Russian and Ukrainian."""
    if language == "ru":
        return _words(f"{value.whole}.{value.fraction}", "ru")
    she, one = Form("f"), ends_in(int(value.fraction)) == 1
    whole = "ціла" if ends_in(value.whole) == 1 else "цілих"
    part = _UK_TENTHS[len(value.fraction)][0 if one else 1]
    fraction = cardinal(int(value.fraction), "uk", she)
    return f"{cardinal(value.whole, 'uk', she)} {whole} {fraction} {part}"


def _ukrainian(value: int, form: Form) -> str:
    case = _UK_CASES.get(form.case, "locative" if form.case == "p" else "accusative")
    gender = "feminine" if form.gender == "f" else "masculine"
    said = _words(value, "uk", gender=gender, case=case)
    for mistake, right in _UK_MISTAKES:
        said = said.replace(mistake, right)
    neuter = form.gender == "n" and form.case in "na" and said.endswith("один")
    return f"{said.removesuffix('ин')}не" if neuter else said


def _ukrainian_ordinal(said: str, form: Form) -> str:
    """Inflect the last word: num2words gives the masculine nominative only."""
    column = 3 if form.plural else "mfn".index(form.gender)
    if said.endswith("третій"):
        return said.removesuffix("ій") + _UK_THIRD[form.case][column]
    return said.removesuffix("ий") + _UK_ENDINGS[form.case][column]


def _words(value: int | str, language: str, **form: object) -> str:
    # imported late, for only those who speak need its 5 MB
    from num2words import num2words  # type: ignore[import-untyped]  # noqa: PLC0415

    said: str = num2words(value, lang=language, **form)
    return said
