"""What a backend can be: one skill a protocol, one method a protocol.

A backend is one frozen dataclass in one file whose fields are its configuration. The field `wire`
is handed in by the program; `label` is the name that the operator reads.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.answers import Progress
from domain.drawing import Clip, Glimpse, Settled, Sketch
from domain.messages import Turn
from domain.pictures import Picture
from domain.speech import Speech, Timbre, Transcript


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost: tokens read and written, as the server counted them."""

    read: int
    written: int


def _ignore(_usage: Usage) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class ChatOptions:
    """How a chat or vision model should answer.

    `max_tokens` bounds the answer, reasoning included. `model` overrides the backend's own model
    where it is not empty. `usage` is called at most once, before the stream ends.
    """

    max_tokens: int = 1024
    temperature: float | None = None
    model: str = ""
    usage: Callable[[Usage], None] = _ignore


@dataclass(frozen=True, slots=True)
class VoiceOffer:
    """A voice that a synthesizer has, and the two-letter code of the language that it speaks."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Ready:
    """What a server says of itself.

    `models` it has; `loaded` those in memory, None where it does not tell; `context` the number of
    tokens that a conversation may have, 0 where it does not tell. `voices` are a synthesizer's.
    `lacking` is what does not work although the rest does, for the operator.
    """

    models: tuple[str, ...] = ()
    loaded: tuple[str, ...] | None = None
    context: int = 0
    voices: tuple[VoiceOffer, ...] = ()
    lacking: tuple[str, ...] = ()


class Backend(Protocol):
    """What every backend can say of itself."""

    @property
    def label(self) -> str:
        """The name for the operator: server and model."""

    async def ready(self) -> Ready:
        """Ask the server what it has; raises BackendUnavailable or BackendNonsense."""


class ChatModel(Backend, Protocol):
    """A model that answers a conversation."""

    def stream(self, turns: Sequence[Turn], options: ChatOptions) -> AsyncIterator[str]:
        """Yield the answer piece by piece.

        What a reasoning model thinks comes first, between `<think>` and `</think>`, whatever the
        server calls it. A stream that ends normally was complete; anything else raises a
        BackendError.
        """


class VisionModel(Backend, Protocol):
    """A model that answers a question about pictures.

    One that understands and answers English only has a field `english_only` that is true; one that
    tells only what is written in a picture, whatever is asked, a field `reads_only`.
    """

    def look(
        self, pictures: Sequence[Picture], question: str, options: ChatOptions
    ) -> AsyncIterator[str]:
        """Yield the answer piece by piece, as a ChatModel does.

        An empty question asks for a description, in English. Who sees fewer pictures at a time
        looks at them one after another and numbers what it says: `[1]`, or `[1-4]` for several.
        """


class Transcriber(Backend, Protocol):
    """A model that writes down what was said."""

    async def transcribe(self, speech: Speech, language: str) -> Transcript:
        """Write it down; without a two-letter `language` the model finds out which it is."""


class Synthesizer(Backend, Protocol):
    """A voice that reads a text aloud."""

    async def speak(self, text: str, timbre: Timbre) -> bytes:
        """Return a whole audio file, mostly WAV, of a few sentences in one language.

        Raises ModelMissing where no voice speaks that language.
        """


class Embedder(Backend, Protocol):
    """A model that turns texts into vectors, which are near where they mean the same."""

    @property
    def model(self) -> str:
        """Whose vectors these are: those of different models cannot be compared."""

    async def embed(self, texts: Sequence[str]) -> Sequence[bytes]:
        """One vector for each text, in order: 32-bit floats, lowest byte first."""


def _for_good() -> bool:
    """Whoever leaves does not come back."""
    return False


@dataclass(frozen=True, slots=True)
class Commission:
    """A sketch, and what goes with making it.

    Results are written into `room`. `style` names a graph, empty for the backend's own. `ticket`
    is what an earlier start of the same job had remembered: what it began is taken up, not begun
    again. `remember` writes a ticket down, which has to happen before a server is asked to begin.
    `in_english` gives the prompt in English, for those who understand nothing else. `returns` tells
    of whoever stops listening whether they come back: then the server is to go on.
    """

    sketch: Sketch
    room: Path
    remember: Callable[[str], Awaitable[None]]
    in_english: Callable[[], Awaitable[str]]
    style: str = ""
    ticket: str = ""
    returns: Callable[[], bool] = _for_good


class ImageGenerator(Backend, Protocol):
    """A server that makes pictures."""

    def draw(self, commission: Commission) -> AsyncIterator[Settled | Progress | Glimpse | Picture]:
        """Yield how it is made, how far it is, and the pictures.

        A Progress has the share and, as its note, the step as "12/20" or nothing: the words are
        for others to say. Ending the iteration early takes the work back from the server, unless
        whoever commissioned it `returns`.
        """


class VideoGenerator(Backend, Protocol):
    """A server that makes films."""

    def film(self, commission: Commission) -> AsyncIterator[Settled | Progress | Glimpse | Clip]:
        """Yield how it is made, how far it is, and the film as the server wrote it; as `draw`."""
