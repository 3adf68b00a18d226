"""Engines that sleep until they are wanted, as the embedded ones do: strangers to the chain."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.errors import BackendUnavailable
from domain.speech import Speech, Timbre, Transcript
from services.skills import Ready
from tests.services.recordings import tone


@dataclass(frozen=True, slots=True)
class Sleeper:
    """Hears and speaks; `woken` is what it was told each time it was woken."""

    label: str = "Sleeper"
    woken: list[tuple[object, ...]] = field(default_factory=list)
    broken: bool = False

    async def warm(self, *told: object) -> None:
        """Wake up."""
        self.woken.append(told)
        if self.broken:
            raise BackendUnavailable(self.label, "will not wake", down=True)

    async def ready(self) -> Ready:
        """Asleep or not, it is there."""
        return Ready()

    async def transcribe(self, speech: Speech, language: str) -> Transcript:
        """Always the same."""
        return Transcript("Hello there.", "en")

    async def speak(self, text: str, timbre: Timbre) -> bytes:
        """A tone."""
        return tone(1.0)
