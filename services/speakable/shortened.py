"""Abbreviations that are read as the words that they stand for."""

from __future__ import annotations

import re

_TABLES = {
    "en": {
        "e.g.": "for example",
        "i.e.": "that is",
        "etc.": "et cetera",
        "vs.": "versus",
        "approx.": "approximately",
        "fig.": "figure",
        "no.": "number",
        "w/o": "without",
    },
    "ru": {
        "т. е.": "то есть",
        "т. к.": "так как",
        "т. д.": "так далее",
        "т. п.": "тому подобное",
        "т. н.": "так называемый",
        "и др.": "и другие",
        "и пр.": "и прочее",
        "напр.": "например",
        "см.": "смотри",
        "рис.": "рисунок",
        "ул.": "улица",
        "н. э.": "нашей эры",
    },
    "uk": {
        "т. д.": "так далі",
        "т. п.": "тому подібне",
        "та ін.": "та інші",
        "напр.": "наприклад",
        "див.": "дивись",
        "рис.": "рисунок",
        "вул.": "вулиця",
        "н. е.": "нашої ери",
    },
}
_ONLY_BEFORE_A_NUMBER = ("fig.", "no.", "рис.")


def _pattern(short: str) -> str:
    spaced = re.escape(short).replace("\\ ", r"\s?")
    return spaced + (r"(?=\s?\d)" if short in _ONLY_BEFORE_A_NUMBER else r"(?!\w)")


_PATTERNS = {
    language: re.compile(
        rf"(?<![\w.])(?:{'|'.join(map(_pattern, table))})(?P<end>[»”\")]?$)?", re.IGNORECASE
    )
    for language, table in _TABLES.items()
}


def in_full(text: str, language: str) -> str:
    """The text with its abbreviations as words; one that ends the sentence leaves its stop."""
    return _PATTERNS[language].sub(lambda found: _full(found, _TABLES[language]), text)


def _full(found: re.Match[str], table: dict[str, str]) -> str:
    end = found["end"]
    short = found[0].removesuffix(end or "").casefold()
    bare = re.sub(r"\s", "", short)
    said = next(full for key, full in table.items() if key.replace(" ", "") == bare)
    if short != found[0].removesuffix(end or ""):
        said = said[0].upper() + said[1:]
    return said if end is None else f"{said}.{end}"
