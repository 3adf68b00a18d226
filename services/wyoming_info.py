"""What a Wyoming server says of itself: which models hear, which voices speak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import BackendNonsense, BackendUnavailable
from services.skills import VoiceOffer
from services.tongues import code
from services.wire import Ask, Wire
from services.wyoming_wire import Event, Talk

_DUTIES = {"asr": "hear", "tts": "speak"}


@dataclass(frozen=True, slots=True)
class Speaking:
    """A server that speaks: its programs, its voices, and whether it takes a text in pieces.

    A voice that is listed may be missing: servers list all that could be downloaded.
    """

    programs: tuple[str, ...]
    voices: tuple[VoiceOffer, ...]
    streams: bool

    def names(self, language: str) -> list[str]:
        """The voices that speak a language."""
        return [voice.name for voice in self.voices if voice.language == language]


async def models(wire: Wire, ask: Ask) -> tuple[str, ...]:
    """Ask which models a server hears with."""
    programs = await _programs(wire, ask, "asr")
    return tuple(_name(ask, model) for one in programs for model in _listed(ask, one, "models"))


async def speaking(wire: Wire, ask: Ask) -> Speaking:
    """Ask how a server speaks."""
    programs = await _programs(wire, ask, "tts")
    voices = [voice for one in programs for voice in _listed(ask, one, "voices")]
    return Speaking(
        tuple(_name(ask, one) for one in programs),
        tuple(offer for voice in voices for offer in _offers(ask, voice)),
        all(one.get("supports_synthesize_streaming") is True for one in programs),
    )


async def _programs(wire: Wire, ask: Ask, duty: str) -> list[Mapping[str, Any]]:
    async with wire.connection(ask) as connection:
        talk = Talk(connection)
        await talk.tell(Event("describe"))
        programs = _listed(ask, (await talk.hear("info")).data, duty)
    if not programs:
        raise BackendUnavailable(ask.server, f"it does not {_DUTIES[duty]}", down=True)
    return programs


def _offers(ask: Ask, voice: Mapping[str, Any]) -> Iterator[VoiceOffer]:
    name, languages = _name(ask, voice), voice.get("languages")
    spoken = languages if isinstance(languages, list) else []
    for language in dict.fromkeys(code(str(one)) for one in spoken):
        if language:
            yield VoiceOffer(name, language)


def _listed(ask: Ask, data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    listed = data.get(key) or []
    if not (isinstance(listed, list) and all(isinstance(one, dict) for one in listed)):
        raise BackendNonsense(ask.server, f"its list of {key} has another shape")
    return listed


def _name(ask: Ask, one: Mapping[str, Any]) -> str:
    name = one.get("name")
    if not isinstance(name, str):
        raise BackendNonsense(ask.server, "something without a name in its list")
    return name
