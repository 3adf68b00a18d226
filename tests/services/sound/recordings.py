"""Makes recordings: sounds, their files, and programs that stand in for ffmpeg."""

from __future__ import annotations

import math
import os
import struct
import subprocess
import wave
from pathlib import Path

from services.sound.ffmpeg import find

TONE = "sine=frequency=440:duration={seconds}"
PICTURE = "testsrc=size=160x120:rate=5:duration={seconds}"


def make(file: Path, *arguments: str) -> Path:
    """Let ffmpeg make a file."""
    quiet = ("-nostdin", "-loglevel", "error", "-y")
    subprocess.run([find(), *quiet, *arguments, file], check=True, timeout=60)
    return file


def tone(file: Path, *options: str, seconds: float = 2.0) -> Path:
    """A file with a tone in it, of the kind that its ending names."""
    return make(file, "-f", "lavfi", "-i", TONE.format(seconds=seconds), *options)


def samples(
    seconds: float, *, rate: int = 16_000, loud: float = 0.5, pitch: float = 440.0
) -> bytes:
    """A tone as 16-bit samples of one channel."""
    high = loud * 32_767
    many = round(seconds * rate)
    waves = (round(high * math.sin(2 * math.pi * pitch * at / rate)) for at in range(many))
    return struct.pack(f"<{many}h", *waves)


def wav(file: Path, data: bytes, *, rate: int = 16_000) -> Path:
    """A WAV file with these samples."""
    with wave.open(str(file), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(rate)
        opened.writeframes(data)
    return file


def stub(file: Path, script: str) -> Path:
    """A program of a few lines of shell, to be started instead of ffmpeg."""
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def names(room: Path) -> list[str]:
    """What is in a room."""
    return sorted(one.name for one in room.iterdir())


def alive(pid: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def number(file: Path) -> int:
    """The number of a process that a stub wrote down; 0 while it has not."""
    text = file.read_text() if file.exists() else ""
    return int(text) if text.endswith("\n") else 0
