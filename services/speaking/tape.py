"""A tape: what synthesizers give becomes one voice message, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from domain.errors import BackendNonsense
from services.sound.encoding import VoiceFile
from services.sound.ffmpeg import Ffmpeg
from services.sound.joining import NoSound, spoken


@dataclass(slots=True)
class Tape:
    """Adds sentences to a voice message, with the pauses between them."""

    file: VoiceFile
    room: Path
    ffmpeg: Ffmpeg
    _pause: float = 0.0

    async def add(self, sound: bytes, pause: float) -> bool:
        """Add a sentence and remember the pause after it, in seconds; False where it is full.

        Raises BackendNonsense for what is no recording, and FfmpegError.
        """
        try:
            piece = await spoken(sound, self.room, self.ffmpeg)
        except NoSound as error:
            raise BackendNonsense("speech", str(error)) from error
        before, self._pause = self._pause, pause
        return await self.file.add(piece, before)
