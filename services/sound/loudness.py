"""Whether there is anything to hear at all, so that no model need be asked about silence."""

from __future__ import annotations

import asyncio
from pathlib import Path

from domain.speech import Speech
from services.sound.segments import mono
from services.sound.wav import opened

FAINT = -60.0
"""dBFS that nothing in a silent recording exceeds: the faintest voice is far louder."""


async def silent(speech: Speech) -> bool:
    """Whether nothing in it could be a voice; when in doubt it is not silent."""
    return await asyncio.to_thread(_silent, speech.path)


def _silent(path: Path) -> bool:
    with opened(path) as wav:
        shape = wav.layout
        windows = wav.windows(0, shape.frames, shape.rate)
        return all(mono(window, shape.rate).max_dBFS <= FAINT for window in windows)
