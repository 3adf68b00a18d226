"""Writes a voice message while it is still being spoken."""

from __future__ import annotations

import asyncio
import struct
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from services.sound.ffmpeg import Ffmpeg, FfmpegFailed, FfmpegHung, last_words
from services.sound.segments import AudioSegment

PATIENCE = 20.0
"""Seconds that ffmpeg may take for one piece."""

BITS = 32_000
"""Bits a second: clear speech."""

_ENDLESS = 0xFFFF_FFFF
_ARGUMENTS = (
    *("-f", "wav", "-probesize", "32", "-analyzeduration", "0", "-i", "pipe:0"),
    *("-map", "0:a:0", "-ac", "1", "-ar", "48000", "-c:a", "libopus", "-b:a", str(BITS)),
    *("-application", "voip", "-map_metadata", "-1", "-f", "ogg"),
)


@dataclass(slots=True)
class VoiceFile:
    """A voice message that grows piece by piece: Ogg/Opus with one channel, as Telegram wants it.

    ffmpeg runs from the beginning and encodes each piece as it comes, so that to finish costs no
    more than the last one. Rates may differ; the first piece's is everybody's.
    """

    path: Path
    longest: float
    _child: Process
    _rate: int = 0
    _samples: int = 0

    @property
    def seconds(self) -> float:
        """How long it is so far."""
        return self._samples / self._rate if self._rate else 0.0

    async def add(self, piece: AudioSegment, pause: float = 0.0) -> bool:
        """Add a piece after a pause, of which the first has none.

        Returns False, with nothing added, where it would become longer than it may. Raises
        FfmpegFailed or FfmpegHung.
        """
        sound = await asyncio.to_thread(self._fitted, piece, pause)
        if self.seconds + sound.duration_seconds > self.longest:
            return False
        if not self._rate:
            self._rate = sound.frame_rate
            await self._feed(_header(self._rate))
        self._samples += int(sound.frame_count())
        await self._feed(sound.raw_data)
        return True

    async def finish(self) -> tuple[Path, float]:
        """The finished file and its seconds; raises ValueError where nothing was added."""
        if not self._samples:
            raise ValueError("nothing was said")
        stdin = self._child.stdin
        if stdin is not None:
            stdin.close()
        try:
            async with asyncio.timeout(PATIENCE):
                words = await last_words(self._child)
                code = await self._child.wait()
        except TimeoutError as error:
            raise FfmpegHung(PATIENCE) from error
        if code:
            raise FfmpegFailed(code, words)
        return self.path, self.seconds

    def _fitted(self, piece: AudioSegment, pause: float) -> AudioSegment:
        if not self._rate:
            return piece
        quiet = AudioSegment.silent(int(pause * 1000), self._rate)
        return quiet + piece.set_frame_rate(self._rate)

    async def _feed(self, data: bytes) -> None:
        stdin = self._child.stdin
        if stdin is None:
            raise FfmpegFailed(-1, "it has no input")
        try:
            async with asyncio.timeout(PATIENCE):
                stdin.write(data)
                await stdin.drain()
        except TimeoutError as error:
            raise FfmpegHung(PATIENCE) from error
        except ConnectionError as error:
            raise FfmpegFailed(self._child.returncode or -1, "it takes no more") from error


@asynccontextmanager
async def voice_file(path: Path, ffmpeg: Ffmpeg, longest: float) -> AsyncIterator[VoiceFile]:
    """A voice message to be written; what is not finished leaves neither file nor child.

    Raises FfmpegMissing.
    """
    finished = False
    try:
        async with ffmpeg.child((*_ARGUMENTS, f"file:{path}"), stdin=PIPE) as child:
            file = VoiceFile(path, longest, child)
            yield file
            finished = child.returncode == 0
    finally:
        if not finished:
            _forget(path)


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)


def _header(rate: int) -> bytes:
    """A WAV file's beginning that does not know its end."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", _ENDLESS, b"WAVE")
        + form
        + struct.pack("<4sI", b"data", _ENDLESS)
    )
