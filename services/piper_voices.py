"""What the file beside a Piper voice tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.skills import VoiceOffer
from services.tongues import code

_KNOWN = {
    "de": "de_DE-thorsten-medium",
    "en": "en_US-lessac-medium",
    "es": "es_ES-davefx-medium",
    "fr": "fr_FR-siwis-medium",
    "pl": "pl_PL-darkman-medium",
    "ru": "ru_RU-irina-medium",
    "uk": "uk_UA-ukrainian_tts-medium",
}


@dataclass(frozen=True, slots=True)
class PiperVoice:
    """A voice; `pace` is how long it makes its sounds when nobody asks for another speed."""

    offer: VoiceOffer
    pace: float = 1.0

    @classmethod
    def of(cls, name: str, config: Any) -> PiperVoice:
        """Read its JSON; what that does not tell is guessed from the name."""
        told = [*_languages(config), name]
        language = next((found for one in told if (found := code(one))), "")
        match config:
            case {"inference": {"length_scale": int(pace) | float(pace)}} if 0.1 <= pace <= 10:
                return cls(VoiceOffer(name, language), float(pace))
        return cls(VoiceOffer(name, language))


def suggested(language: str) -> str:
    """A voice of Piper's own collection that speaks the language, empty where we know none."""
    return _KNOWN.get(language, "")


def _languages(config: Any) -> list[str]:
    """What a voice says of its language, the clearest word first."""
    match config:
        case {"language": {"family": str(family)}}:
            return [family]
        case {"language": {"code": str(whole)}}:
            return [whole]
        case {"espeak": {"voice": str(voice)}}:
            return [voice]
    return []


def read(listing: Mapping[str, Any]) -> tuple[PiperVoice, ...]:
    """Read a server's list of voices."""
    return tuple(PiperVoice.of(name, config) for name, config in listing.items())
