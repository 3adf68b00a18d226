"""whisper.cpp's server: hearing over /inference, which takes a form and answers with JSON."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from domain.errors import BackendError, BackendNonsense, BackendRejected, BackendUnavailable
from domain.speech import Speech, Transcript
from services.forms import Form
from services.skills import Ready
from services.transcripts import told
from services.wire import Ask, Wire

_KNOCK = 2.0  # seconds in which a server that is not busy refuses a question without a file


@dataclass(frozen=True, slots=True)
class WhisperCppTranscriber:
    """A Whisper model served by whisper.cpp, which hears one recording after another.

    `prompt` holds names and words that it should know how to spell. `patience` is the least it is
    waited for, in seconds; a long recording gets twice its own length.
    """

    wire: Wire
    url: str
    prompt: str = ""
    inference_path: str = "/inference"
    patience: float = 60.0
    label: str = ""
    _proven: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.label:
            where = urlsplit(self.url)
            port = f":{where.port}" if where.port else ""
            object.__setattr__(self, "label", f"whisper.cpp at {where.hostname}{port}")

    async def transcribe(self, speech: Speech, language: str) -> Transcript:
        """Write it down; without a language the server finds it out, else it would hear English."""
        ask = Ask(
            self.label,
            self._address(self.inference_path),
            patience=max(self.patience, 2 * speech.seconds),
            form=Form.of(self._texts(language), speech.path),
        )
        try:
            said = await self.wire.json(ask)
        except BackendRejected as error:
            raise self._explained(error) from None
        self._proven.add(ask.url)
        return told(self.label, said)

    async def ready(self) -> Ready:
        """Tell whether it can hear.

        Its health says "not found" for ever after a failed change of models, and "ok" whatever
        listens there. So it is asked without a file once, which it refuses where all is well.
        """
        healthy, address = await self._healthy(), self._address(self.inference_path)
        if healthy and address in self._proven:
            return Ready()
        try:
            async with asyncio.timeout(_KNOCK):
                await self._knock(address)
        except TimeoutError:
            # it hears somebody else just now, or it reads another model
            if not healthy:
                raise BackendUnavailable(self.label, "is busy or loading its model") from None
        else:
            self._proven.add(address)
        return Ready()

    async def _healthy(self) -> bool:
        try:
            await self.wire.json(Ask(self.label, self._address("/health")))
        except (BackendRejected, BackendNonsense):
            return False
        return True

    async def _knock(self, address: str) -> None:
        try:
            await self.wire.json(Ask(self.label, address, {}))
        except BackendRejected as error:
            if error.status != 400:
                raise self._elsewhere(error) from None
        else:
            raise BackendNonsense(self.label, "it takes a question without a recording")

    def _texts(self, language: str) -> dict[str, str]:
        texts = {
            "response_format": "verbose_json",
            "language": language or "auto",
            # the probabilities of all languages would cost a second look at the recording
            "no_language_probabilities": "true",
            "split_on_word": "true",
        }
        return {**texts, "prompt": self.prompt} if self.prompt else texts

    def _explained(self, error: BackendRejected) -> BackendError:
        """Say what a refusal means; its own words are the same for all."""
        if error.status == 404:
            return self._elsewhere(error)
        if error.status == 400:
            return BackendRejected(self.label, f"{error.reason}: it cannot read this file", 400)
        return error

    def _elsewhere(self, error: BackendRejected) -> BackendUnavailable:
        """The trouble of an address that is not there, or not yet."""
        said = f"loads its model, or does not hear at {self.inference_path}"
        return BackendUnavailable(self.label, f"{error.reason}: {said}")

    def _address(self, path: str) -> str:
        return f"{self.url.rstrip('/')}/{path.lstrip('/')}"
