"""Silence is known without asking anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.speech import Speech
from services.sound.convert import Converter
from services.sound.ffmpeg import Ffmpeg
from services.sound.loudness import silent
from services.words import Voice
from tests.services.sound.recordings import make, samples, wav


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (bytes(64_000), True),
        (samples(2, loud=0.0005), True),
        (samples(2, loud=0.005), False),
        (bytes(64_000) + samples(0.05, loud=0.01), False),
        (b"", True),
    ],
)
async def test_only_silence_is_silent(data: bytes, expected: bool, tmp_path: Path) -> None:
    """The faintest voice, for a moment and at the end, is worth asking a model."""
    file = wav(tmp_path / "a.wav", data)
    assert expected == await silent(Speech(file, len(data) / 32_000))


async def test_a_silent_voice_note_is_silent(
    ffmpeg: Ffmpeg, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """Opus adds nothing that would be taken for a voice."""
    source = ("-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=3", "-c:a", "libopus")
    file = make(tmp_path / "a.ogg", *source)
    assert await silent(await Converter(ffmpeg).convert(file, room, voice))
