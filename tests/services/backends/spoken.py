"""Recordings for the tests of what hears."""

import wave
from pathlib import Path

from domain.speech import Speech

FRAMES_A_SECOND = 16_000


def recording(folder: Path, seconds: float = 2.5) -> Speech:
    """A WAV file as transcribers take it; each sample tells its place."""
    path = folder / "speech.wav"
    frames = int(seconds * FRAMES_A_SECOND)
    pcm = b"".join((at % 20_000).to_bytes(2, "little", signed=True) for at in range(frames))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, FRAMES_A_SECOND, 0, "NONE", ""))
        file.writeframes(pcm)
    return Speech(path, seconds)


def samples(speech: Speech) -> bytes:
    """The sound of a recording, without the head of its file."""
    with wave.open(str(speech.path), "rb") as file:
        return file.readframes(file.getnframes())
