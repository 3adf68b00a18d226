"""Sums of money in English, Russian and Ukrainian."""

from __future__ import annotations

from dataclasses import replace

from services.speakable.nouns import Noun
from services.speakable.numerals import Form, Number

SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₴": "UAH", "₽": "RUB", "¥": "JPY", "zł": "PLN"}
CURRENCIES = {
    **SIGNS,
    **{code: code for code in SIGNS.values()},
    "грн": "UAH",
    "руб": "RUB",
    "р.": "RUB",
    "дол": "USD",
    "долл": "USD",
}
"""How currencies are written: their ISO codes by sign, by code, and by abbreviation."""

CENTS = {"коп": "UAH", "¢": "USD"}
"""How their hundredths are written."""

_NAMES = {  # one, a few, many, of a part; the same of a hundredth
    "en": {
        "USD": "dollar dollars dollars dollars cent cents cents cents",
        "EUR": "euro euros euros euros cent cents cents cents",
        "GBP": "pound pounds pounds pounds penny pence pence pence",
        "UAH": "hryvnia hryvnias hryvnias hryvnias kopiyka kopiykas kopiykas kopiykas",
        "RUB": "ruble rubles rubles rubles kopek kopeks kopeks kopeks",
        "JPY": "yen yen yen yen sen sen sen sen",
        "PLN": "zloty zlotys zlotys zlotys grosz groszy groszy groszy",
    },
    "ru": {
        "USD": "доллар доллара долларов доллара цент цента центов цента",
        "EUR": "евро евро евро евро цент цента центов цента",
        "GBP": "фунт фунта фунтов фунта пенс пенса пенсов пенса",
        "UAH": "гривна гривны гривен гривны копейка копейки копеек копейки",
        "RUB": "рубль рубля рублей рубля копейка копейки копеек копейки",
        "JPY": "иена иены иен иены сен сена сенов сена",
        "PLN": "злотый злотых злотых злотого грош гроша грошей гроша",
    },
    "uk": {
        "USD": "долар долари доларів долара цент центи центів цента",
        "EUR": "євро євро євро євро цент центи центів цента",
        "GBP": "фунт фунти фунтів фунта пенс пенси пенсів пенса",
        "UAH": "гривня гривні гривень гривні копійка копійки копійок копійки",
        "RUB": "рубль рублі рублів рубля копійка копійки копійок копійки",
        "JPY": "єна єни єн єни сен сени сенів сена",
        "PLN": "злотий злоті злотих злотого грош гроші грошів гроша",
    },
}
_SCALES = {
    "en": {
        3: "thousand thousand thousand thousand",
        6: "million million million million",
        9: "billion billion billion billion",
        12: "trillion trillion trillion trillion",
    },
    "ru": {
        3: "тысяча тысячи тысяч тысячи",
        6: "миллион миллиона миллионов миллиона",
        9: "миллиард миллиарда миллиардов миллиарда",
        12: "триллион триллиона триллионов триллиона",
    },
    "uk": {
        3: "тисяча тисячі тисяч тисячі",
        6: "мільйон мільйони мільйонів мільйона",
        9: "мільярд мільярди мільярдів мільярда",
        12: "трильйон трильйони трильйонів трильйона",
    },
}
SCALES = {
    **dict.fromkeys(("thousand", "тыс", "тис", "K", "k"), 3),
    **dict.fromkeys(("million", "млн", "M", "mln"), 6),
    **dict.fromkeys(("billion", "млрд", "B", "bn"), 9),
    **dict.fromkeys(("trillion", "трлн", "T"), 12),
}
"""How thousands, millions and more are written: the number of their noughts."""


def currency(code: str, language: str) -> Noun:
    """The currency's name."""
    return Noun(*_NAMES[language][code].split()[:4])


def cents(code: str, language: str) -> Noun:
    """The name of its hundredth."""
    return Noun(*_NAMES[language][code].split()[4:])


def scale(name: str, language: str) -> Noun:
    """Thousands, millions and more."""
    return Noun(*_SCALES[language][SCALES[name]].split())


def total(value: Number, code: str, language: str, form: Form) -> str:
    """A sum with hundredths: five dollars fifty cents."""
    whole = currency(code, language).counted(replace(value, fraction=""), language, form)
    rest = Number(int(value.fraction))
    return f"{whole} {cents(code, language).counted(rest, language, form)}" if rest.whole else whole
