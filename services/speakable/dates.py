"""Dates, years and times of the day as they are read."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

from services.speakable.figures import word_before
from services.speakable.numerals import Case, Form, cardinal, ordinal, year

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
}
_ENGLISH_MONTHS = MONTHS["en"].replace(" ", "|")
_YEAR = r"(?:1\d{3}|2[01]\d{2})"
_ISO = re.compile(r"(?<![\w-])(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?![\w-])")
_DOTS = re.compile(
    r"(?<![\w.])(?P<d>\d{1,2})([./])(?P<m>\d{1,2})\2(?P<y>\d{4})(?![\w/])"
    r"(?:\s?(?:г\.|р\.|года|року))?"
)
_TIME = re.compile(
    r"(?<![\w:.,])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?![\w:])"
    r"(?P<half>\s?[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_WRITTEN = {
    "en": re.compile(
        rf"(?<!\w)(?:(?P<month>{_ENGLISH_MONTHS}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
        rf"|(?P<first>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<second>{_ENGLISH_MONTHS}))"
        rf"(?!\w)(?:,? (?P<year>{_YEAR})(?!\w))?"
    ),
    **{
        language: re.compile(
            rf"(?<![\w.,-])(?P<day>\d{{1,2}}) (?P<month>{'|'.join(MONTHS[language].split())})(?!\w)"
            rf"(?: (?P<year>{_YEAR})(?!\w)(?: ?(?:{word}))?)?"
        )
        for language, word in (("ru", r"года|г\."), ("uk", r"року|р\."))
    },
}
_IN_ENGLISH = re.compile(
    rf"(?<=\b)(?P<word>in|since|by|until|till|from|of|year|early|mid|late|circa|around|between"
    rf"|{_ENGLISH_MONTHS}) (?P<year>{_YEAR})"
    rf"(?:(?P<to> ?[-–—] ?| and | to )(?P<end>{_YEAR}))?(?![\w%]|[.,]\d| \d{{3}})",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?<!\w)(?P<year>(?:1\d|20)\d0)['’]?s\b")
_NAMED = {
    "ru": "год:n года:g году:p годом:i годы:n годов:g годах:p годам:d годами:i г.:g гг.:g",
    "uk": "рік:n року:g році:p роком:i роки:n років:g роках:p рокам:d роками:i р.:g рр.:g",
}
_CASES: dict[str, dict[str, Case]] = {
    language: dict(word.split(":") for word in words.split())  # type: ignore[misc]
    for language, words in _NAMED.items()
}
_WITH_YEAR = {
    language: re.compile(
        rf"(?<![\w.,])(?P<year>{_YEAR})(?: ?[-–—] ?(?P<end>{_YEAR}))?[ \u00a0]?"
        rf"(?P<word>{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?!\w)"
    )
    for language, words in _CASES.items()
}
_WHOLE = {
    "ru": {("г.", "g"): "года", ("г.", "p"): "году", ("гг.", "g"): "годов", ("гг.", "p"): "годах"},
    "uk": {("р.", "g"): "року", ("р.", "p"): "році", ("рр.", "g"): "років", ("рр.", "p"): "роках"},
}
_YEARS = frozenset(
    ("годы", "годов", "годах", "годам", "годами", "роки", "років", "роках", "рокам", "роками")
)
_OF_THE_YEAR = {"ru": "года", "uk": "року"}
_AS_A_NAME = frozenset(("на", "это", "сегодня", ":", "—", "–", "=", "це", "сьогодні"))
_OH = {"en": "oh", "ru": "ноль", "uk": "нуль"}


def dated(text: str, language: str) -> str:
    """The text with its dates, years and times in words."""
    for pattern in (_ISO, _DOTS):
        text = pattern.sub(partial(_numeric, language=language), text)
    text = _WRITTEN[language].sub(partial(_written, language=language), text)
    text = _TIME.sub(partial(_time, language=language), text)
    if language == "en":
        text = _DECADE.sub(_decade, text)
        return _IN_ENGLISH.sub(_english, text)
    return _WITH_YEAR[language].sub(partial(_named, language=language), text)


def _numeric(found: re.Match[str], language: str) -> str:
    day, month, of = int(found["d"]), int(found["m"]), int(found["y"])
    if language == "en" and "/" in found[0] and day <= 12:
        day, month = month, day  # Americans write slashes, and the month first
    try:
        date(of, month, day)
    except ValueError:
        return found[0]
    alone = found[0] == found.string.strip(" .")
    return _date(day, month, of, language, "n" if alone else _case(found))


def _written(found: re.Match[str], language: str) -> str:
    part = found.groupdict()
    first = part.get("first")
    day, name = int(first or part["day"] or 0), part.get("second") or part["month"] or ""
    if not 1 <= day <= 31:
        return found[0]
    month = MONTHS[language].split().index(name) + 1
    said = _date(day, month, int(part["year"] or 0), language, _case(found))
    return _day_first(found, said, name, ordinal(day, "en")) if first else said


def _day_first(found: re.Match[str], said: str, month: str, day: str) -> str:
    """The fifth of May, where it was written in this order."""
    the = "" if word_before(found) == "the" else "the "
    return the + said.replace(f"{month} {day}", f"{day} of {month}", 1)


def _date(day: int, month: int, of: int, language: str, case: Case) -> str:
    """A day in words; `of` is its year, 0 where none is told."""
    name = MONTHS[language].split()[month - 1]
    if language == "en":
        return f"{name} {ordinal(day, 'en')}" + (f", {year(of)}" if of else "")
    said = f"{ordinal(day, language, Form('n', case))} {name}"
    if not of:
        return said
    return f"{said} {ordinal(of, language, Form('m', 'g'))} {_OF_THE_YEAR[language]}"


def _case(found: re.Match[str]) -> Case:
    """The first of May, or on the first of May: the second is what most sentences mean."""
    before = word_before(found)
    if before in ("к", "ко"):
        return "d"
    return "n" if before in _AS_A_NAME else "g"


def _time(found: re.Match[str], language: str) -> str:
    hour = cardinal(int(found["h"]), language)
    minutes = _two(found["m"], language)
    if language == "uk" and word_before(found) in ("о", "об"):
        hour = ordinal(int(found["h"]), "uk", Form("f", "p"))
        minutes = "" if found["m"] == "00" else minutes
    half = " ".join(re.sub(r"[\s.]", "", found["half"] or ""))
    if language == "en" and found["m"] == "00":
        minutes = "" if half else "o'clock" if 0 < int(found["h"]) <= 12 else "hundred"
    seconds = _two(found["s"], language) if found["s"] else ""
    return " ".join(part for part in (hour, minutes, seconds, half) if part)


def _two(figures: str, language: str) -> str:
    """Minutes, or seconds: oh five."""
    value = cardinal(int(figures), language)
    return f"{_OH[language]} {value}" if figures[0] == "0" else value


def _decade(found: re.Match[str]) -> str:
    said = year(int(found["year"]))
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


def _english(found: re.Match[str]) -> str:
    said = f"{found['word']} {year(int(found['year']))}"
    if not found["end"]:
        return said
    to = found["to"] if found["to"].strip().isalpha() else " to "
    return f"{said}{to}{year(int(found['end']))}"


def _named(found: re.Match[str], language: str) -> str:
    """A year with the word for it, whose ending tells the case of both."""
    word, before = found["word"], word_before(found)
    case = _CASES[language][word]
    if word in _YEARS and not found["end"]:
        return found[0]  # so many years, and not the year of that number
    if word.endswith(".") and before in ("в", "у", "во"):
        case = "p"
    elif case == "p" and before in ("к", "по"):
        case = "d"
    said = [
        ordinal(int(one), language, Form("m", case)) for one in found.group("year", "end") if one
    ]
    whole = _WHOLE[language].get((word, case), word)
    ended = "." if word.endswith(".") and found.end() == len(found.string) else ""
    return f"{' – '.join(said)} {whole}{ended}"
