"""The sound that fake voices make: a tone that is as long as the text would take."""

from __future__ import annotations

import array
import io
import math
import wave

SECONDS_A_CHARACTER = 0.06


def spoken(text: str, slowness: float = 1.0, rate: int = 22_050) -> bytes:
    """A WAV file, one channel, 16 bits a sample."""
    count = int(len(text) * SECONDS_A_CHARACTER * slowness * rate)
    wave_length = rate // 210
    period = [int(9000 * math.sin(at * 2 * math.pi / wave_length)) for at in range(wave_length)]
    samples = array.array("h", period * (count // wave_length + 1))[:count]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def seconds(sound: bytes) -> float:
    """How long a WAV file is."""
    with wave.open(io.BytesIO(sound)) as file:
        return float(file.getnframes() / file.getframerate())
