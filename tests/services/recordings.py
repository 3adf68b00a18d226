"""Recordings as transcribers take them, and what is said about them."""

import difflib
import io
import math
import re
import struct
import wave
from pathlib import Path

from domain.speech import Speech

CLOSE = 0.95
"""The share of letters that two texts have in common that say the same."""


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


def alike(said: str, heard: str) -> bool:
    """Whether it is the same but for a letter or two: processors round, and models then differ."""
    one, other = (" ".join(re.findall(r"\w+", text.lower())) for text in (said, heard))
    return difflib.SequenceMatcher(None, one, other).ratio() > CLOSE
