"""The programs that are measured, and those that they talk with: each a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent
TOKEN = "1000:playground"
PATIENCE = 60.0


@dataclass(slots=True)
class Child:
    """A program that can be started, and started again; its words go to a file."""

    line: Sequence[str]
    log: Path
    started_at: float = 0.0
    process: asyncio.subprocess.Process | None = field(default=None)

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self.process is not None
        return self.process.pid

    def worked(self) -> float:
        """The seconds that it has kept a processor busy."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    async def start(self) -> None:
        """Start it; when that was is kept, on the clock of all the others."""
        foreign = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TELEGRAM_", "HEARTHBOT_"))
        }
        with self.log.open("ab") as log:
            self.started_at = time.monotonic()
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self.line,
                cwd=ROOT,
                env={**foreign, "TELEGRAM_TOKEN": TOKEN},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            if self.process.returncode is None:
                self.process.kill()
            await self.process.wait()

    def alive(self) -> None:
        """Complain with its own words if it has ended."""
        if self.process is not None and self.process.returncode is not None:
            raise RuntimeError(f"{self.line} has ended:\n{self.log.read_text()[-3000:]}")


@asynccontextmanager
async def server(*line: str) -> AsyncIterator[str]:
    """Run a server that says as a line of JSON where it listens, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *line),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            greeting = await process.stdout.readline()
        yield str(json.loads(greeting)["url"])
    finally:
        process.stdin.close()
        with suppress(ProcessLookupError):
            process.terminate()  # not all of them look at their input
        await process.wait()
