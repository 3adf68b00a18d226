"""Which voice speaks which language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from domain.errors import ModelMissing
from domain.speech import Timbre
from services.skills import VoiceOffer

_LANGUAGE = re.compile(r"[a-z]{2}")


def by_language() -> Mapping[str, Callable[[Mapping[str, str]], Mapping[str, str]]]:
    """The metadata of a backend's field that names a voice for each language."""
    return {"check": _checked}


def chosen(timbre: Timbre, configured: str, offers: Iterable[VoiceOffer]) -> str:
    """The name of the voice to speak with, empty where none speaks the language.

    That is the one that a person chose where it speaks the language, else the `configured` one,
    which may be empty, else the first of the offers that speaks it.
    """
    speaking = [one.name for one in offers if one.language == timbre.language]
    if timbre.name in speaking:
        return timbre.name
    return configured or next(iter(speaking), "")


def voiceless(server: str, language: str, cure: str) -> ModelMissing:
    """The error of a synthesizer that has no voice for a language."""
    return ModelMissing(server, f"a voice for {language}", cure)


def _checked(voices: Mapping[str, str]) -> Mapping[str, str]:
    for language, name in voices.items():
        if not _LANGUAGE.fullmatch(language):
            raise ValueError(f'"{language}" is no language; wanted two small letters, as "uk"')
        if not name.strip():
            raise ValueError(f"{language} must not be empty")
    return voices
