"""Films made on the fly, with the ffmpeg that the set-up brings."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.sound.ffmpeg import Ffmpeg
from services.words import Voice, Words


@pytest.fixture
def ffmpeg() -> Ffmpeg:
    """The real one."""
    return Ffmpeg()


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """An empty workroom."""
    room = tmp_path / "room"
    room.mkdir()
    return room


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    """English, which needs no catalogue."""
    return Words(tmp_path).speak("en")
