"""Recordings as transcribers take them, and what is said about them."""

import io
import math
import struct
import wave
from pathlib import Path

from domain.speech import Speech


def tone(seconds: float, rate: int = 16_000) -> bytes:
    """A WAV file with a tone in it."""
    count = int(seconds * rate)
    once = [int(8000 * math.sin(at * 2 * math.pi * 440 / rate)) for at in range(rate // 10)]
    samples = struct.pack(f"<{len(once)}h", *once) * (count // len(once) + 1)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples[: 2 * count])
    return out.getvalue()


def recorded(folder: Path, seconds: float = 1.0) -> Speech:
    """The tone as a recording on disk."""
    path = folder / "recording.wav"
    path.write_bytes(tone(seconds))
    return Speech(path, seconds)
