"""A child process of the bot: told one line at a time, and answering with one."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from domain.errors import BackendNonsense, BackendUnavailable

STARTS_WITHIN = 120.0
"""Seconds that loading may take on a slow disk."""

STOPS_WITHIN = 2.0

LONGEST = 16 << 20
"""Bytes that a child may say in one line."""

ENVIRONMENT: Mapping[str, str] = MappingProxyType({"HF_HUB_OFFLINE": "1", "PYTHONUTF8": "1"})
"""All that a child finds in its environment: none of our secrets, and a word to stay offline."""

_A_MOMENT = 0.5  # seconds between the last breath of a process and its end

_PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Child:
    """A child that has started; `server` is its name for the operator.

    It leads a session of its own, so that a Ctrl-C at the terminal reaches the bot alone, which
    ends it in good order. It dies with the bot, however the bot dies. `said` is the first that it
    said: where it listens, or just that it is ready.
    """

    server: str
    said: Mapping[str, Any]
    _process: asyncio.subprocess.Process

    @classmethod
    async def start(cls, server: str, module: str, settings: Mapping[str, object]) -> Child:
        """Start a child of this module; raises BackendUnavailable."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module),
            cwd=_PROJECT,
            env=ENVIRONMENT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LONGEST,
            start_new_session=True,
        )
        child, begun = cls(server, {}, process), False
        try:
            said = await child._begin(settings)
            begun = True
        finally:
            if not begun:
                await child.end()
        return cls(server, said, process)

    @property
    def alive(self) -> bool:
        """Whether it has not ended, as far as is known."""
        return self._process.returncode is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ask(self, told: Mapping[str, object]) -> dict[str, Any]:
        """Tell it a line and return the one that it says, nothing where it has died.

        Raises BackendNonsense where it says no line of ours.
        """
        if self._process.stdin is None or self._process.stdout is None:
            return {}
        with suppress(ConnectionError):
            self._process.stdin.write(f"{json.dumps(told)}\n".encode())
            await self._process.stdin.drain()
        try:
            line = await self._process.stdout.readline()
            said: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
        except ValueError as error:
            raise BackendNonsense(self.server, "said what is no line of ours") from error
        return said

    async def died(self) -> bool:
        """Whether it has ended, or is just ending."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_A_MOMENT):
                await self._process.wait()
        return not self.alive

    async def end(self) -> None:
        """Let it end, or make it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(STOPS_WITHIN):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it at once, whatever it is doing."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def _begin(self, settings: Mapping[str, object]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(STARTS_WITHIN):
                said = await self.ask({"parent": os.getpid(), **settings})
        except TimeoutError as error:
            raise BackendUnavailable(self.server, "does not come up", down=True) from error
        if not said or "error" in said:
            reason = said.get("error") or "died while it started"
            raise BackendUnavailable(self.server, reason, down=True)
        return said
