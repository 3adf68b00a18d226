"""A run of the command line from its start to its end, and what it said."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.program import PATIENCE, ROOT

TOKEN = {"TELEGRAM_TOKEN": "1000:playground"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    code: int
    out: str
    err: str


def surroundings(**more: str) -> dict[str, str]:
    """The environment without anything that the program would read, and with `more`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TELEGRAM_", "HEARTHBOT_"))
    }
    return {**kept, **more}


async def once(*words: str, environment: Mapping[str, str] = TOKEN, folder: Path = ROOT) -> Outcome:
    """Run `python -m bot` with these words, and wait for its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=folder,
        env=surroundings(PYTHONPATH=str(ROOT), **environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Outcome(process.returncode, out.decode(), err.decode())
