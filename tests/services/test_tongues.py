"""Languages by their names."""

import pytest
from babel import Locale

from services.tongues import CODES, code


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("english", "en"),
        ("Ukrainian", "uk"),
        ("russian", "ru"),
        ("haitian creole", "ht"),
        ("uk", "uk"),
        ("en_US", "en"),
        ("en-us", "en"),
        ("jw", "jv"),
        ("yue", "zh"),
        ("haw", ""),
        ("hawaiian", ""),
        ("", ""),
        ("  ", ""),
        ("12", ""),
        ("новая", ""),
    ],
)
def test_a_language_has_a_code_of_two_letters_or_none(name: str, expected: str) -> None:
    """Models name it as a word, as a code, or as a code with a country."""
    assert expected == code(name)


def test_every_code_is_a_language_of_the_world() -> None:
    """The list is written by hand, and the library of languages knows all of it."""
    known = Locale("en").languages
    assert [] == [name for name, short in CODES.items() if short not in known]
