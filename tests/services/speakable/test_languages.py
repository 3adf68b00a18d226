"""Each sentence is read in its own language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.speakable.languages import Ear
from tests.services.speakable.reading import read

ALONE = [
    ("The kettle is on the stove.", "en"),
    ("Чайник стоит на плите, и вода кипит.", "ru"),
    ("Это чай.", "ru"),
    ("Чайник стоїть на плиті.", "uk"),
    ("Вона дуже добре готує.", "uk"),
    ("Чайнік стаіць на пліце і ўсё.", "be"),
    ("Der Kessel ist auf dem Herd.", "de"),
    ("La casa es muy grande y no está lejos.", "es"),
    ("Le thé est sur la table et il est chaud.", "fr"),
    ("Il tè è sul tavolo e non è freddo.", "it"),
    ("Herbata jest na stole i jest gorąca.", "pl"),
    ("O chá está na mesa e não é frio.", "pt"),
    ("ο βραστήρας", "el"),
    ("הקומקום על הכיריים", "he"),
    ("الغلاية على الموقد", "ar"),
    ("水壶在炉子上", "zh"),
    ("やかんは台所にある", "ja"),
    ("주전자", "ko"),
]


@pytest.mark.parametrize(("sentence", "expected"), ALONE)
def test_a_sentence_tells_its_language(sentence: str, expected: str) -> None:
    """By its letters first, then by its smallest words."""
    assert expected == Ear("en").language(sentence)
    assert expected == Ear("uk").language(sentence)


NEIGHBOURS = [
    ("ru", ["Привет!", "Ок.", "10:30."], ["ru", "ru", "ru"]),
    ("en", ["Добре, дякую!", "Так.", "Чай готовий."], ["uk", "uk", "uk"]),
    ("uk", ["Так.", "Это чай.", "Да.", "Це чай."], ["uk", "ru", "ru", "uk"]),
    ("de", ["Tee?", "Kaffee Milch Zucker Honig"], ["de", "de"]),
    ("zz", ["42", "Tee?", "Чай?"], ["zz", "zz", "ru"]),
]


@pytest.mark.parametrize(("person", "sentences", "expected"), NEIGHBOURS)
def test_a_sentence_that_tells_nothing_is_as_those_before_it(
    person: str, sentences: list[str], expected: list[str]
) -> None:
    """The first of them is in the language of the person."""
    ear = Ear(person)
    assert expected == [ear.language(sentence) for sentence in sentences]


MIXED = [
    ("Установите Docker Compose Engine и откройте браузер.", "ru"),
    ("Встановіть Docker Desktop Community Edition.", "uk"),
    ("The word привет means hello.", "en"),
    ("Docker Compose.", "uk"),
]


@pytest.mark.parametrize(("sentence", "expected"), MIXED)
def test_a_foreign_word_stays_in_its_sentence(sentence: str, expected: str) -> None:
    """Names of programs are read by the voice around them."""
    assert expected == Ear("uk").language(sentence)


def test_code_and_addresses_tell_no_language() -> None:
    """What is not read as words does not choose the voice."""
    said = read("Наберите `for the user in the list` на https://this.is.the/one и всё.", "ru")
    assert {"ru"} == {one.language for one in said}


def test_what_is_named_is_named_in_a_language_that_the_program_has() -> None:
    """A German answer has its code named in English, and an English voice says so."""
    said = read("Das ist nicht gut für mich.\n```\nx\n```", "de")
    assert ["de", "en"] == [one.language for one in said]


@given(st.text(max_size=100))
def test_any_text_has_a_language(text: str) -> None:
    """A code of two letters, whatever it says."""
    assert len(Ear("en").language(text)) == 2
