"""A child process that serves a model, started when it is needed and again when it has died."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import BackendUnavailable

STARTS_WITHIN = 120.0
"""Seconds that loading may take on a slow disk."""

STOPS_WITHIN = 2.0

_A_MOMENT = 0.5  # seconds between the last breath of a process and its end

_PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child listens, and the key that it asks for."""

    url: str
    key: str = field(repr=False)


@dataclass(slots=True)
class Engine:
    """One child of the module `child`; `server` is its name for the operator.

    The child leads a session of its own, so that a Ctrl-C at the terminal reaches the bot alone,
    which ends it in good order. It dies with the bot, however the bot dies.
    """

    server: str
    child: str
    _process: asyncio.subprocess.Process | None = None
    _place: Place | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def place(self) -> Place | None:
        """Where the child listens, None while there is none."""
        alive = self._process is not None and self._process.returncode is None
        return self._place if alive else None

    @property
    def pid(self) -> int:
        """The child's process id, 0 while there is none."""
        return self._process.pid if self._process is not None and self.place else 0

    async def start(self, settings: Mapping[str, object]) -> Place:
        """Start the child unless it lives; raises BackendUnavailable."""
        async with self._starting:
            if self.place is None:
                await self._end()
                try:
                    self._place = await self._begin(settings)
                finally:
                    if self._place is None:
                        await self._end()
            if self._place is None:
                raise BackendUnavailable(self.server, "did not start", down=True)
            return self._place

    async def died(self) -> bool:
        """Whether the child has ended, or is just ending."""
        if self._process is None:
            return True
        with suppress(TimeoutError):
            async with asyncio.timeout(_A_MOMENT):
                await self._process.wait()
        return self._process.returncode is not None

    async def aclose(self) -> None:
        """End the child."""
        async with self._starting:
            await self._end()

    async def _begin(self, settings: Mapping[str, object]) -> Place:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self.child),
            cwd=_PROJECT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        told = json.dumps({"parent": os.getpid(), **settings}) + "\n"
        try:
            async with asyncio.timeout(STARTS_WITHIN):
                said = await _asked(self._process, told.encode())
        except TimeoutError as error:
            raise BackendUnavailable(self.server, "does not come up", down=True) from error
        if "url" not in said:
            reason = said.get("error") or "died while it started"
            raise BackendUnavailable(self.server, reason, down=True)
        return Place(said["url"], said["key"])

    async def _end(self) -> None:
        process, self._process, self._place = self._process, None, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(STOPS_WITHIN):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _asked(process: asyncio.subprocess.Process, told: bytes) -> dict[str, str]:
    """Tell a child its settings and return what it says, nothing where it died."""
    if process.stdin is None or process.stdout is None:
        return {}
    with suppress(ConnectionError):
        process.stdin.write(told)
        await process.stdin.drain()
    line = await process.stdout.readline()
    said: dict[str, str] = json.loads(line) if line else {}
    return said
