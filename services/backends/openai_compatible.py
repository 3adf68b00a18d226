"""Whoever speaks OpenAI's protocol: MLX, llama.cpp, LM Studio, vLLM, Speaches, clouds."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Literal

from domain.errors import BackendRejected
from domain.messages import Turn
from domain.pictures import Picture
from domain.speech import Speech, Timbre, Transcript
from services.batches import in_batches
from services.forms import Form
from services.openai_audio import LONGEST, SPEEDS, Formats, best_of
from services.openai_embedder import OpenAIEmbedder
from services.openai_images import OpenAIImage
from services.openai_models import look
from services.openai_pictures import asked_of, blind
from services.openai_wire import Dialect, Messages, chat, explained, named, said
from services.skills import ChatOptions, Ready, VoiceOffer
from services.sound.served import LARGEST_SOUND, silence, sound, speakable
from services.transcripts import told
from services.voices import by_language, voiceless
from services.wire import Ask, Wire

__all__ = [
    "OpenAIChat",
    "OpenAIEmbedder",
    "OpenAIImage",
    "OpenAISynthesizer",
    "OpenAITranscriber",
    "OpenAIVision",
]


@dataclass(frozen=True, slots=True)
class OpenAIChat:
    """A chat model behind an address that usually ends in /v1."""

    wire: Wire
    url: str
    model: str
    api_key: str = field(default="", repr=False)
    patience: float = 120.0
    label: str = ""
    _dialect: Dialect = field(default_factory=Dialect, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", named(self.model, self.url))

    def stream(self, turns: Sequence[Turn], options: ChatOptions) -> AsyncGenerator[str, None]:
        """Yield the answer; asks again without the words that this server does not take."""
        return self._answer(said(turns), options)

    async def ready(self) -> Ready:
        """Tell which models are there, as far as the server tells."""
        return await look(self.wire, self._ask("models"), self.model)

    async def _answer(self, messages: Messages, options: ChatOptions) -> AsyncGenerator[str, None]:
        while True:
            body = self._dialect.body(options.model or self.model, messages, options)
            ask = self._ask("chat/completions", body)
            try:
                async with aclosing(chat(self.wire, ask, options)) as pieces:
                    async for piece in pieces:
                        yield piece
            except BackendRejected as error:
                if not self._dialect.learn(error, body):
                    raise explained(error, ask) from None
            else:
                return

    def _ask(self, route: str, body: dict[str, object] | None = None) -> Ask:
        address = f"{self.url.rstrip('/')}/{route}"
        return Ask(self.label, address, body, self.api_key, self.patience)


@dataclass(frozen=True, slots=True)
class OpenAIVision(OpenAIChat):
    """A chat model that sees so many pictures `at_once`; its fields are those of every such model.

    `english_only` is for a model that understands nothing else.
    """

    at_once: int = field(default=4, kw_only=True)
    english_only: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        OpenAIChat.__post_init__(self)
        if self.at_once < 1:
            raise ValueError("at_once must be 1 or more")

    def look(
        self, pictures: Sequence[Picture], question: str, options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        """Yield the answer; a server that takes no pictures is BackendUnavailable."""

        def see(some: Sequence[Picture], own: ChatOptions) -> AsyncGenerator[str, None]:
            return self._seen(some, question, own)

        return in_batches(pictures, self.at_once, options, see)

    async def ready(self) -> Ready:
        """Tell which models are there; one that tells what it takes must take pictures."""
        return await look(self.wire, self._ask("models"), self.model, seeing=True)

    async def _seen(
        self, pictures: Sequence[Picture], question: str, options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        messages = await asked_of(self.label, pictures, question)
        try:
            async with aclosing(self._answer(messages, options)) as pieces:
                async for piece in pieces:
                    yield piece
        except BackendRejected as error:
            raise blind(error) from None


@dataclass(frozen=True, slots=True)
class OpenAITranscriber:
    """A model that hears, behind an address that usually ends in /v1.

    `patience` is the least it is waited for, in seconds; a long recording gets twice its length.
    """

    wire: Wire
    url: str
    model: str
    api_key: str = field(default="", repr=False)
    prompt: str = ""
    patience: float = 60.0
    label: str = ""
    # some models of the clouds tell no times, and refuse to be asked for them
    _formats: Formats = field(
        default_factory=lambda: Formats(("verbose_json", "json")),
        init=False,
        repr=False,
        compare=False,
    )

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", named(self.model, self.url))

    async def transcribe(self, speech: Speech, language: str) -> Transcript:
        """Write it down; without times where the server does not tell them."""
        said = {"model": self.model, "language": language, "prompt": self.prompt}
        texts = {name: text for name, text in said.items() if text}
        patience = max(self.patience, 2 * speech.seconds)

        def ask(wished: str) -> Ask:
            form = Form.of({**texts, "response_format": wished}, speech.path)
            address = f"{self.url.rstrip('/')}/audio/transcriptions"
            return Ask(self.label, address, None, self.api_key, patience, form=form)

        found = told(self.label, await best_of(self._formats, ask, self.wire.json))
        return found if found.language else replace(found, language=language)

    async def ready(self) -> Ready:
        """Tell which models are there, as far as the server tells."""
        ask = Ask(self.label, f"{self.url.rstrip('/')}/models", None, self.api_key)
        return await look(self.wire, ask, self.model)


@dataclass(frozen=True, slots=True)
class OpenAISynthesizer:
    """A model that speaks, behind an address that usually ends in /v1.

    Such a server does not tell its voices: `voices` names one for each language.
    """

    wire: Wire
    url: str
    model: str
    voices: Mapping[str, str] = field(default_factory=dict, hash=False, metadata=by_language())
    response_format: Literal["wav", "mp3", "opus", "flac"] = "wav"
    api_key: str = field(default="", repr=False)
    patience: float = 120.0
    label: str = ""
    _formats: Formats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # some servers speak MP3 and nothing else
        formats = Formats(tuple(dict.fromkeys((self.response_format, "mp3"))))
        object.__setattr__(self, "_formats", formats)
        if not self.label:
            object.__setattr__(self, "label", named(self.model, self.url))

    async def speak(self, text: str, timbre: Timbre) -> bytes:
        """Return an audio file; more than such a server takes at once is BackendRejected."""
        if not speakable(text):
            return silence()
        if len(text) > LONGEST:
            raise BackendRejected(self.label, f"more than {LONGEST} characters at once")
        body = self._body(text, timbre)

        def ask(wished: str) -> Ask:
            return self._ask("audio/speech", {**body, "response_format": wished})

        return await best_of(self._formats, ask, self._sound)

    async def ready(self) -> Ready:
        """Tell which models are there, and the voices that are configured."""
        found = await look(self.wire, self._ask("models"), self.model)
        voices = (VoiceOffer(name, language) for language, name in self.voices.items())
        return replace(found, voices=tuple(voices))

    def _body(self, text: str, timbre: Timbre) -> dict[str, object]:
        voice = self.voices.get(timbre.language)
        if voice is None:
            cure = f'set voices = {{ {timbre.language} = "..." }} for it'
            raise voiceless(self.label, timbre.language, cure)
        body: dict[str, object] = {"model": self.model, "input": text, "voice": voice}
        if timbre.speed != 1:
            body["speed"] = min(max(timbre.speed, SPEEDS[0]), SPEEDS[1])
        return body

    async def _sound(self, ask: Ask) -> bytes:
        return sound(self.label, await self.wire.whole(ask, LARGEST_SOUND))

    def _ask(self, route: str, body: dict[str, object] | None = None) -> Ask:
        address = f"{self.url.rstrip('/')}/{route}"
        return Ask(self.label, address, body, self.api_key, self.patience)
