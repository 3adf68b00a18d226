"""pydub comes in through one door, without a noise."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from services.sound.segments import mono

ROOT = Path(__file__).parents[3]


def test_it_is_imported_without_a_warning() -> None:
    """Also where there is no ffmpeg on the PATH, which is the rule after a fresh set-up."""
    line = (sys.executable, "-W", "error", "-c", "import services.sound.segments")
    subprocess.run(line, cwd=ROOT, env={"PATH": ""}, check=True, timeout=60)


def test_nobody_else_imports_it() -> None:
    """Its own way to run ffmpeg has neither a deadline nor a limit."""
    files = (ROOT / "services").rglob("*.py")
    imported = {
        file.name
        for file in files
        if re.search(r"^\s*(from|import) pydub\b", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {"segments.py"} == imported


def test_half_a_sample_is_dropped() -> None:
    """A stream may end anywhere."""
    assert 2 == mono(b"\1\2\3\4\5", 16_000).frame_count()
