"""Wyoming: the wire of wyoming-faster-whisper, wyoming-piper and others around Home Assistant."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

from domain.errors import BackendError, BackendRejected, ModelMissing
from domain.speech import Speech, Timbre, Transcript
from services.pcm import Form, Sound
from services.skills import Ready
from services.tongues import code
from services.transcripts import written
from services.voices import by_language, voiceless
from services.wire import Ask, Wire
from services.wyoming_info import Speaking, models, speaking
from services.wyoming_wire import Event, Talk, said

_PIECE = 16_000  # frames: a second of what we send


@dataclass(frozen=True, slots=True)
class WyomingTranscriber:
    """A model that hears behind Wyoming; without `model` it is the server's own.

    `patience` covers the loading of the model and the hearing itself; a long recording is waited
    for as long as it takes to play it twice.
    """

    wire: Wire
    url: str = "tcp://127.0.0.1:10300"
    model: str = ""
    patience: float = 300.0
    label: str = ""
    schemes: ClassVar = ("tcp",)

    def __post_init__(self) -> None:
        usual = _label(self.model, self.url)
        object.__setattr__(self, "label", self.label or usual)

    async def transcribe(self, speech: Speech, language: str) -> Transcript:
        """Send the recording piece by piece and return what was heard."""
        wished = {"language": language, "name": self.model}
        wish = Event("transcribe", {key: value for key, value in wished.items() if value})
        patience = max(self.patience, 2 * speech.seconds)
        ask = Ask(self.label, self.url, patience=patience)
        with closing(await asyncio.to_thread(wave.open, str(speech.path), "rb")) as wav:
            async with self.wire.connection(ask) as connection, asyncio.TaskGroup() as group:
                talk = Talk(connection)
                telling = group.create_task(_tell(talk, wish, wav), name=f"telling {self.label}")
                heard = await _outcome(talk, language)
                telling.cancel()
        if isinstance(heard, BackendError):
            raise heard
        return heard

    async def ready(self) -> Ready:
        """Tell which models the server has; the configured one must be among them."""
        names = await models(self.wire, Ask(self.label, self.url, patience=self.patience))
        if self.model and self.model not in names:
            cure = f"wyoming-faster-whisper --model {self.model}"
            raise ModelMissing(self.label, self.model, cure)
        return Ready(names)


async def _tell(talk: Talk, wish: Event, wav: wave.Wave_read) -> None:
    """Send a recording; if the server takes it no longer, who hears the answer learns why."""
    form = {
        "rate": wav.getframerate(),
        "width": wav.getsampwidth(),
        "channels": wav.getnchannels(),
    }
    with suppress(BackendError):
        await talk.tell(wish, Event("audio-start", form))
        while piece := await asyncio.to_thread(wav.readframes, _PIECE):
            await talk.tell(Event("audio-chunk", form, piece))
        await talk.tell(Event("audio-stop"))


async def _outcome(talk: Talk, language: str) -> Transcript | BackendError:
    """Hear the answer while the question is still being sent; a trouble is an outcome, too."""
    try:
        return await _heard(talk, language)
    except BackendError as error:
        return error


async def _heard(talk: Talk, language: str) -> Transcript:
    pieces: list[str] = []
    while True:
        event = await talk.hear(
            "transcript", "transcript-start", "transcript-chunk", "transcript-stop"
        )
        language = code(str(event.data.get("language") or "")) or language
        if event.kind == "transcript":
            return written(said(talk, event), language)
        if event.kind == "transcript-stop":
            return written("".join(pieces), language)
        if event.kind == "transcript-chunk":
            pieces.append(said(talk, event))


@dataclass(slots=True)
class _Memory:
    """What was learnt of a server: how it speaks, and which of its listed voices are there."""

    speaking: Speaking | None = None
    found: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class WyomingSynthesizer:
    """A voice behind Wyoming; `voices` says which one speaks a language, as `uk = "its name"`.

    Without that the first listed one that turns out to be there speaks. Wyoming knows no speed, so
    that of a timbre is left out of account. `patience` covers the loading of a voice.
    """

    wire: Wire
    url: str = "tcp://127.0.0.1:10200"
    voices: Mapping[str, str] = field(default_factory=dict, hash=False, metadata=by_language())
    patience: float = 120.0
    label: str = ""
    schemes: ClassVar = ("tcp",)
    deaf: ClassVar = True  # wyoming-piper does nothing else while it speaks
    _memory: _Memory = field(default_factory=_Memory, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        usual = _label("", self.url)
        object.__setattr__(self, "label", self.label or usual)

    async def speak(self, text: str, timbre: Timbre) -> bytes:
        """Return a WAV file; tries one voice of the language after the other."""
        if not text.strip():
            raise BackendRejected(self.label, "there is nothing to say")
        known = self._memory.speaking or await self._look()
        for name in self._candidates(known, timbre):
            try:
                sound = await self._spoken(text, name, known.streams)
            except BackendRejected as error:
                if not _is_missing(error):
                    raise
                self._memory.missing.add(name)
            else:
                self._memory.found[timbre.language] = name
                return sound
        raise self._without(known, timbre.language)

    async def ready(self) -> Ready:
        """Tell which voices the server lists; those that were missing may have come."""
        known = await self._look()
        self._memory.missing.clear()
        return Ready(known.programs, voices=known.voices)

    async def _look(self) -> Speaking:
        ask = Ask(self.label, self.url, patience=self.patience)
        self._memory.speaking = await speaking(self.wire, ask)
        return self._memory.speaking

    def _candidates(self, known: Speaking, timbre: Timbre) -> list[str]:
        """The voices to try: the person's, the configured one, the one found, the others."""
        language, listed = timbre.language, known.names(timbre.language)
        chosen = timbre.name if timbre.name in listed else ""
        first = (chosen, self.voices.get(language, ""), self._memory.found.get(language, ""))
        tried = dict.fromkeys(name for name in (*first, *listed) if name)
        return [name for name in tried if name not in self._memory.missing]

    async def _spoken(self, text: str, name: str, streams: bool) -> bytes:
        voice = {"voice": {"name": name}}
        asked = [Event("synthesize", {"text": text, **voice})]
        if streams:
            begin, piece = (
                Event("synthesize-start", voice),
                Event("synthesize-chunk", {"text": text}),
            )
            asked = [begin, piece, Event("synthesize-stop")]
        last = "synthesize-stopped" if streams else "audio-stop"
        ask = Ask(self.label, self.url, patience=self.patience)
        async with self.wire.connection(ask) as connection:
            talk = Talk(connection)
            await talk.tell(*asked)
            return await _recorded(talk, Sound(self.label), last)

    def _without(self, known: Speaking, language: str) -> ModelMissing:
        wanted = self.voices.get(language) or next(iter(known.names(language)), "")
        cure = f"python -m piper.download_voices {wanted}".rstrip()
        return voiceless(self.label, language, cure)


async def _recorded(talk: Talk, sound: Sound, last: str) -> bytes:
    """Join what comes up to the event that is `last`; each sentence may begin anew."""
    while (event := await talk.hear("audio-start", "audio-chunk", last)).kind != last:
        if event.kind == "audio-start":
            sound.begin(Form.of(sound.server, event.data))
        else:
            sound.add(event.payload)
    return sound.wav()


def _is_missing(error: BackendRejected) -> bool:
    return error.code == "VoiceNotFoundError" or "find or download voice" in error.reason


def _label(model: str, url: str) -> str:
    where = urlsplit(url)
    if where.scheme != "tcp" or not (where.hostname and where.port):
        raise ValueError('url must look like "tcp://127.0.0.1:10300"')
    return " ".join(filter(None, ("Wyoming", model, f"at {where.hostname}:{where.port}")))
