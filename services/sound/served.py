"""Sound as servers send it: told by its first bytes, and WAV with its lengths put right."""

from __future__ import annotations

import io
import struct
import unicodedata
import wave

from domain.errors import BackendNonsense
from services.sound.kinds import WAV, kind
from services.sound.wav import Coded, Misshapen, layout

LARGEST_SOUND = 32 << 20
"""Bytes that the sound of a few sentences may have."""


def sound(server: str, raw: bytes) -> bytes:
    """Return a whole audio file; raises BackendNonsense for anything else.

    Who sends WAV while it is made cannot know its length, and writes what comes to mind.
    """
    file = io.BytesIO(raw)
    form = kind(file)
    if form is None:
        raise BackendNonsense(server, f"{len(raw)} bytes that are no sound")
    if form is not WAV or raw.startswith(b"RF64"):
        return raw
    try:
        found = layout(file)
    except Coded:
        return raw
    except Misshapen as error:
        raise BackendNonsense(server, f"a WAV file with a wrong header: {error}") from None
    if not found.frames:
        raise BackendNonsense(server, "a WAV file without sound")
    return _mended(raw, found.start, found.frames * found.frame)


def speakable(text: str) -> bool:
    """Whether a voice would say anything: letters, figures and signs, but not dots alone."""
    return any(unicodedata.category(char)[0] in "LNS" for char in text)


def silence(seconds: float = 0.1, rate: int = 22_050) -> bytes:
    """A WAV file in which nothing is said."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(bytes(2 * int(seconds * rate)))
    return out.getvalue()


def _mended(raw: bytes, start: int, length: int) -> bytes:
    """The file with both its lengths as they are, and nothing after the samples."""
    if (length, len(raw) - 8) == (_number(raw, start - 4), _number(raw, 4)):
        return raw
    head = raw[8 : start - 4] + struct.pack("<I", length)
    whole = struct.pack("<I", len(head) + length) + head + raw[start : start + length]
    return b"RIFF" + whole


def _number(raw: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", raw, at)[0])
