"""Which language each person is spoken to in."""

import pytest

from domain.messages import Person
from services.people import Languages
from storage.people import People
from tests.services.ground import Ground

KNOWN = frozenset({"en", "ru", "uk"})


@pytest.fixture
def languages(ground: Ground) -> Languages:
    """Nobody has chosen yet."""
    return Languages(People(ground.database), KNOWN, default="ru")


@pytest.mark.parametrize(
    ("client", "spoken"),
    [("uk", "uk"), ("EN-us", "en"), ("fr", "ru"), ("", "ru"), ("zh-hans", "ru")],
)
def test_the_clients_language_counts_where_it_is_spoken(
    languages: Languages, client: str, spoken: str
) -> None:
    """All others are spoken to in the owner's default."""
    assert spoken == languages.of(Person(1, "P", client))


async def test_a_choice_counts_more_than_the_client(languages: Languages) -> None:
    """It is one person's only."""
    await languages.choose(1, "en")
    assert ["en", "uk"] == [languages.of(Person(one, "P", "uk")) for one in (1, 2)]


async def test_a_choice_survives_the_program(ground: Ground, languages: Languages) -> None:
    """It is read back when the program starts."""
    await languages.choose(1, "en")
    started = Languages(People(ground.database), KNOWN)
    assert {} == started.chosen
    await started.load()
    assert {1: "en"} == started.chosen
    assert "en" == started.of(Person(1, "P", "uk"))


async def test_a_choice_that_is_spoken_no_more_is_passed_over(ground: Ground) -> None:
    """A newer version may have lost a language; nobody is spoken to in none."""
    await People(ground.database).choose_language(1, "tlh")
    languages = Languages(People(ground.database), KNOWN)
    await languages.load()
    assert "en" == languages.of(Person(1, "P", "uk"))
