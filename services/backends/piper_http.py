"""Piper's HTTP server: speaking over /synthesize, or over / where it is older than 1.5."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable, ModelMissing
from domain.speech import Timbre
from services.piper_voices import PiperVoice, read, suggested
from services.skills import Ready
from services.sound.served import LARGEST_SOUND, silence, sound, speakable
from services.voices import by_language, chosen, voiceless
from services.wire import Ask, Wire

_NOT_THERE = frozenset({404, 405})
_CUT_OFF = ".onxjs"
"""Piper's list lacks these letters at the end of names: it strips ".onnx.json" one by one."""


@dataclass(slots=True)
class _Learnt:
    """What a server turned out to be; `voices` is None where it has not told."""

    route: str = "/synthesize"
    voices: tuple[PiperVoice, ...] | None = None


@dataclass(frozen=True, slots=True)
class PiperHttpSynthesizer:
    """Voices served by Piper; `voices` names one for each language where the first will not do.

    The server speaks for each who asks in a thread of its own, so two sentences at once are no
    trouble to it.
    """

    wire: Wire
    url: str
    voices: Mapping[str, str] = field(default_factory=dict, hash=False, metadata=by_language())
    patience: float = 120.0
    slots: int = 2
    label: str = ""
    _learnt: _Learnt = field(default_factory=_Learnt, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.label:
            where = urlsplit(self.url)
            port = f":{where.port}" if where.port else ""
            object.__setattr__(self, "label", f"Piper at {where.hostname}{port}")

    async def speak(self, text: str, timbre: Timbre) -> bytes:
        """Return a WAV file; a text of dots alone, at which Piper fails, is a short silence."""
        if not speakable(text):
            return silence()
        name = await self._voice(timbre)
        body: dict[str, object] = {"text": text, "voice": name}
        if timbre.speed != 1:
            body["length_scale"] = round(self._pace(name) / timbre.speed, 3)
        return await self._spoken(body)

    async def ready(self) -> Ready:
        """Tell which voices are there, as far as the server tells."""
        try:
            await self._list()
        except BackendRejected as error:
            raise BackendUnavailable(self.label, error.reason) from error
        return Ready(voices=tuple(one.offer for one in self._learnt.voices or ()))

    async def _voice(self, timbre: Timbre) -> str:
        """Choose a voice; where none is known a second look finds what was fetched meanwhile.

        A name that the server lacks is never sent: it would take another voice without a word.
        """
        if name := self._chosen(timbre):
            return name
        await self._list()
        if name := self._chosen(timbre):
            return name
        raise self._missing(timbre.language)

    def _chosen(self, timbre: Timbre) -> str:
        known = self._learnt.voices
        if known is None:
            return ""
        configured = self.voices.get(timbre.language, "")
        there = {one.offer.name for one in known}
        # a server without a list is believed to have what the operator says
        if known and not there & {configured, configured.rstrip(_CUT_OFF)}:
            configured = ""
        return chosen(timbre, configured, (one.offer for one in known))

    async def _list(self) -> None:
        try:
            listing = await self.wire.json(self._ask("/voices"))
        except BackendRejected as error:
            if error.status not in _NOT_THERE:
                raise
            listing = {}
        if not isinstance(listing, dict):
            raise BackendNonsense(self.label, "its list of voices has another shape")
        self._learnt.voices = read(listing)

    async def _spoken(self, body: Mapping[str, object]) -> bytes:
        """Ask where it answered last; it may have been replaced by another version meanwhile."""
        for route in dict.fromkeys((self._learnt.route, "/synthesize", "/")):
            try:
                raw = await self.wire.whole(self._ask(route, body), LARGEST_SOUND)
            except BackendRejected as error:
                if error.status not in _NOT_THERE:
                    raise
            else:
                found = sound(self.label, raw)
                self._learnt.route = route
                return found
        raise BackendUnavailable(self.label, "speaks neither at /synthesize nor at /")

    def _pace(self, name: str) -> float:
        names = {name, name.rstrip(_CUT_OFF)}
        return next((v.pace for v in self._learnt.voices or () if v.offer.name in names), 1.0)

    def _missing(self, language: str) -> ModelMissing:
        if name := suggested(language):
            word = shlex.quote(f'{{"voice": "{name}"}}')
            return voiceless(
                self.label, language, f"curl --json {word} {self._address('/download')}"
            )
        return voiceless(self.label, language, "python -m piper.download_voices")

    def _ask(self, route: str, body: Mapping[str, object] | None = None) -> Ask:
        return Ask(self.label, self._address(route), body, patience=self.patience)

    def _address(self, route: str) -> str:
        return f"{self.url.rstrip('/')}{route}"
