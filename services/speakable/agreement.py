"""The gender and case that the words around a number ask for."""

from __future__ import annotations

from services.speakable.numerals import PLAIN, Case, Form, Gender, ends_in

_OF = {
    "ru": "около до от более менее больше меньше свыше без из для после с со порядка",
    "uk": "близько до від більше менше без із з зі для після",
}
_GENITIVE = {language: frozenset(words.split()) for language, words in _OF.items()}
_TO = {"ru": frozenset({"к", "ко"}), "uk": frozenset[str]()}

_MEN = "мужчины юноши дедушки судьи коллеги дяди папы или и"  # feminine only by their ending
_WOMEN = (
    "хвилин секунд годин гривн тисяч сторін сторон частин книг ложк склянк чашк штук людин груп"
    " кімнат копійк тонн мил ідеї причин речі опці категорі верси версі мов країн жінк дівчин"
    " машин доб неділ сестр дочк подруг собак пляшк коробк картопл цибулин морквин лампочк"
)
_SOFT = ("ковь", "ночь", "речь", "часть", "вещь", "жизнь", "дверь", "цель", "соль", "модель")
_RU_MEN = frozenset(_MEN.split())
_UK_WOMEN = tuple(_WOMEN.split())
_CASES: tuple[tuple[tuple[str, ...], Case], ...] = (
    (("ами", "ями"), "i"),
    (("ах", "ях"), "p"),
    (("ам", "ям"), "d"),
)


def form(value: int, before: str, after: tuple[str, str], language: str) -> Form:
    """The form of a number between these words."""
    if language == "en":
        return PLAIN
    noun = after[1] if after[0].endswith(("ых", "их")) and after[1] else after[0]
    case = _case(before, noun, language)
    last = ends_in(value)
    if last == 1 and noun.endswith(("у", "ю")) and len(noun) > 2:
        return Form("f", "a")
    return Form(_gender(last, noun, case, language), case)


def case_after(before: str, language: str) -> Case:
    """The case that a preposition asks for."""
    if before in _GENITIVE.get(language, ()):
        return "g"
    return "d" if before in _TO.get(language, ()) else "n"


def _case(before: str, noun: str, language: str) -> Case:
    for endings, case in _CASES:
        if len(noun) > 3 and noun.endswith(endings):
            return case
    return case_after(before, language)


def _gender(last: int, noun: str, case: Case, language: str) -> Gender:
    if len(noun) < 3:
        return "m"
    if last == 1:
        return _gender_of_one(noun, case)
    if last == 2:
        return "f" if _two_are_feminine(noun, language) else "m"
    return "m"


def _gender_of_one(noun: str, case: Case) -> Gender:
    if case == "g":
        return "f" if noun.endswith(("и", "ы", "і", "ї")) else "m"
    if noun.endswith(("а", "я", *_SOFT)):
        return "f"
    return "n" if noun.endswith(("о", "е", "є")) else "m"


def _two_are_feminine(noun: str, language: str) -> bool:
    """In Russian the ending tells it; in Ukrainian only the word does."""
    if language == "uk":
        return noun.startswith(_UK_WOMEN)
    return noun.endswith(("ы", "и", "ые", "ие")) and noun not in _RU_MEN
