"""The real program as a child process: started, watched, stopped or killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


@dataclass(slots=True)
class Program:
    """`python -m bot COMMAND` with a configuration of its own; start it as often as you like."""

    folder: Path
    play: str
    command: tuple[str, ...] = ("run",)
    environment: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    @property
    def config(self) -> Path:
        """The file that the program reads."""
        return self.folder / "config.toml"

    @property
    def log(self) -> Path:
        """Where its log goes."""
        return self.folder / "log.txt"

    async def start(self) -> None:
        """Start it; it may not poll yet."""
        surroundings = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TELEGRAM_", "HEARTHBOT_"))
        }
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *self.command, "--config", str(self.config)),
                cwd=ROOT,
                env={**surroundings, "TELEGRAM_TOKEN": "1000:playground", **self.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def start_polling(self) -> None:
        """Start it, and come back when it polls."""
        async with httpx.AsyncClient(base_url=self.play, trust_env=False) as http:
            before = await _Polls.seen(http)
            await self.start()
            assert self.process is not None
            async with asyncio.timeout(PATIENCE):
                while not (await _Polls.seen(http)).listened_after(before):
                    assert self.process.returncode is None, self.log.read_text()
                    await asyncio.sleep(0.02)

    async def logged(self, words: str) -> None:
        """Come back when the log says this."""
        async with asyncio.timeout(PATIENCE):
            while words not in await asyncio.to_thread(self.log.read_text):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """Kill it as a power cut would: no warning, no clean-up."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """Ask it to stop, and give its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.end()

    async def end(self) -> int:
        """Wait for it to end by itself, and give its exit code."""
        assert self.process is not None
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@asynccontextmanager
async def running(program: Program) -> AsyncIterator[Program]:
    """Polling while the block runs, and gone after it."""
    try:
        await program.start_polling()
        yield program
    finally:
        if program.process is not None:
            await program.kill()


def write_config(
    folder: Path, play: str, backends: str, more: str = "", telegram: str = ""
) -> None:
    """Write a configuration for a playground and some backends; `telegram` adds to that table.

    Without tables for them, hearing and speaking are off, whatever runs on this machine.
    """
    off = [name for name in ("hear", "speak", "vision") if f"[[{name}]]" not in backends + more]
    text = f"""
embedded = false
{"".join(f"{name} = []{chr(10)}" for name in off)}
[telegram]
api_base = "{play}"
messages_per_second = 0
{telegram}
[storage]
data_dir = "{folder / "data"}"
{more}
{backends}
"""
    (folder / "config.toml").write_text(text)


def ollama(url: str, **fields: str | float) -> str:
    """A table of the configuration for a (fake) Ollama."""
    given: dict[str, str | float] = {
        "use": "services.backends.ollama:OllamaChat",
        "url": url,
        "model": "phi3.5:3.8b",
        "slots": 4,
        **fields,
    }
    return table("chat", **given)


def whisper(url: str, **fields: str | float) -> str:
    """A table for a (fake) whisper.cpp."""
    use = "services.backends.whisper_cpp:WhisperCppTranscriber"
    return table("hear", use=use, url=url, label="Ear", slots=2, **fields)


def piper(url: str, **fields: str | float) -> str:
    """A table for a (fake) Piper."""
    use = "services.backends.piper_http:PiperHttpSynthesizer"
    return table("speak", use=use, url=url, label="Mouth", slots=2, **fields)


def table(skill: str = "chat", **fields: str | float) -> str:
    """A table of the configuration for any backend."""
    lines = [f"{key} = {_toml(value)}" for key, value in fields.items()]
    return "\n".join([f"[[{skill}]]", *lines, ""])


def _toml(value: str | float) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


@dataclass(frozen=True, slots=True)
class _Polls:
    """How many polls were answered so far, and whether somebody waits for an answer."""

    answered: int
    waiting: bool

    @classmethod
    async def seen(cls, http: httpx.AsyncClient) -> Self:
        """Ask the playground."""
        stats: dict[str, Any] = (await http.get("/play/stats")).json()
        counts: dict[str, int] = stats["methods"].get("getUpdates", {})
        return cls(sum(counts.values()), bool(stats["polling_now"]))

    def listened_after(self, before: Self) -> bool:
        """Whether somebody has caught up since then and now waits for what comes."""
        return self.waiting and self.answered > before.answered
