"""Voices: which speaks what, and what a configuration may say of them."""

import pytest

from domain.speech import Timbre
from services.piper_voices import PiperVoice, suggested
from services.skills import VoiceOffer
from services.voices import by_language, chosen

OFFERS = (VoiceOffer("joe", "en"), VoiceOffer("amy", "en"), VoiceOffer("irina", "ru"))


@pytest.mark.parametrize(
    ("timbre", "configured", "expected"),
    [
        (Timbre("en"), "", "joe"),
        (Timbre("en"), "amy", "amy"),
        (Timbre("en", "amy"), "joe", "amy"),
        (Timbre("en", "irina"), "amy", "amy"),
        (Timbre("ru", "nobody"), "", "irina"),
        (Timbre("uk", "joe"), "", ""),
        (Timbre("uk"), "lada", "lada"),
    ],
)
def test_a_persons_choice_comes_first_where_it_speaks_the_language(
    timbre: Timbre, configured: str, expected: str
) -> None:
    """Then the operator's, then any that speaks it."""
    assert expected == chosen(timbre, configured, OFFERS)


def test_a_configuration_names_languages_and_voices() -> None:
    """Anything else is told with the word that is wrong."""
    check = by_language()["check"]
    assert {"uk": "lada"} == check({"uk": "lada"})
    for wrong in ({"ukr": "lada"}, {"UK": "lada"}, {"": "lada"}, {"uk": " "}):
        with pytest.raises(ValueError, match=r"no language|uk must not be empty"):
            check(wrong)


@pytest.mark.parametrize(
    ("name", "config", "expected"),
    [
        ("a", {"language": {"family": "uk"}, "espeak": {"voice": "ru"}}, "uk"),
        ("a", {"language": {"code": "ru_RU"}}, "ru"),
        ("a", {"espeak": {"voice": "en-us"}}, "en"),
        ("de_DE-thorsten-low", {}, "de"),
        ("de_DE-thorsten-low", {"language": None, "espeak": []}, "de"),
        ("marath", "nonsense", ""),
    ],
)
def test_the_file_beside_a_voice_tells_its_language(
    name: str, config: object, expected: str
) -> None:
    """Old ones tell only how it pronounces; then the name has to do."""
    assert VoiceOffer(name, expected) == PiperVoice.of(name, config).offer


@pytest.mark.parametrize(
    ("told", "expected"), [(1.3, 1.3), (2, 2.0), (0, 1.0), (900, 1.0), ("fast", 1.0), (None, 1.0)]
)
def test_a_voice_has_its_own_pace(told: object, expected: float) -> None:
    """A number that no voice could have is not believed."""
    assert expected == PiperVoice.of("a", {"inference": {"length_scale": told}}).pace


def test_a_voice_is_suggested_for_the_languages_of_the_bot() -> None:
    """And nothing is made up for others."""
    assert all(suggested(language).startswith(language) for language in ("en", "ru", "uk"))
    assert not suggested("xx")
