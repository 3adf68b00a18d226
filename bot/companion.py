"""The worker process beside the one that listens: started, told of news, watched, stopped."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.duties import MINUTES, POOLS

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before one that has died is started again; doubled each time."""

STEADY = 60.0
"""Who has lived for so many seconds dies of something new."""

GRACE = 5.0
"""Seconds beyond those in which it should have stopped."""

IDLE, NEWS, BEGUN, RELEASED = b"idle", b"news", b"begun", b"released"
"""What it says: it has nothing to do since the news of a number; something has changed; it has
begun a job. To the last it gets an answer, once nobody else shows that job any more."""

_OURS = frozenset[str]().union(*(POOLS[task] for task in MINUTES))


@dataclass(frozen=True, slots=True)
class Ties:
    """What the one that listens does when its companion has news, begins a job, or has died."""

    news: Callable[[], None]
    release: Callable[[int], Awaitable[None]]
    recover: Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Companion:
    """`python -m bot worker` for the work that takes minutes.

    It hears of news through its input, where each is a number in a line, and stops in good order
    when that ends: so it never outlives this process for long, however this one ends. While it
    has nothing to do it is told of new work only.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    ties: Ties
    stop_seconds: float
    grace: float = GRACE
    idle: bool = False
    _process: asyncio.subprocess.Process | None = None
    _told: int = 0
    _dismissed: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """At work while the block runs, and gone after it."""
        keeping = asyncio.create_task(self._keep(), name="companion")
        try:
            yield
        finally:
            self.dismiss()
            await asyncio.wait({keeping})
            keeping.result()

    def tell(self, pools: Collection[str]) -> None:
        """Something has changed: there is new work in these pools, or anything else."""
        ours = not _OURS.isdisjoint(pools)
        if self._process is None or not (ours or (not pools and not self.idle)):
            return
        self._told += 1
        self.idle = False
        line = self._process.stdin
        # what it has not read yet makes it look as well as one more would
        if line is not None and not line.transport.get_write_buffer_size():
            self._write(b"%d" % self._told)

    def dismiss(self) -> None:
        """Have it stop in good order; comes back before it has."""
        self._dismissed.set()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def _keep(self) -> None:
        """Have one at work until it is dismissed."""
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while not self._dismissed.is_set():
            began = loop.time()
            ended = await self._one()
            if self._dismissed.is_set():
                return
            pause = FIRST_PAUSE if loop.time() - began > STEADY else pause
            words = "The worker process %s; another begins in %g s"
            log.warning(words, ended, pause, extra={"action": "worker died"})
            await self._tried(self.ties.recover())
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._dismissed.wait()
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _one(self) -> str:
        """Have one at work until it ends; says how it ended."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command,
                env=self.environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,  # a Ctrl-C at the terminal is for the one that listens
            )
        except OSError as error:
            return f"cannot be started: {error.strerror}"
        self._process, self.idle = process, False
        hearing = asyncio.create_task(self._hear(process), name="hearing the companion")
        try:
            return f"has ended with {await self._end_of(process)}"
        finally:
            self._process = None
            await asyncio.wait({hearing})
            hearing.result()

    async def _end_of(self, process: asyncio.subprocess.Process) -> int:
        """Wait for its end; once it is dismissed it has so much time, and not more."""
        ending = asyncio.create_task(process.wait(), name="the companion's end")
        dismissed = asyncio.create_task(self._dismissed.wait(), name="the companion's dismissal")
        try:
            await asyncio.wait({ending, dismissed}, return_when=asyncio.FIRST_COMPLETED)
            if self._dismissed.is_set():
                self.dismiss()
                await asyncio.wait({ending}, timeout=self.stop_seconds * 1.5 + self.grace)
        finally:
            dismissed.cancel()
            if not ending.done():
                with suppress(ProcessLookupError):
                    process.kill()
        return await ending

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        async for line in process.stdout:
            match line.split():
                case [word] if word == NEWS:
                    self.ties.news()
                case [word, number] if word == BEGUN:
                    await self._tried(self.ties.release(int(number)))
                    self._write(RELEASED + b" " + number)
                case [word, number] if word == IDLE and number == b"%d" % self._told:
                    self.idle = True

    def _write(self, words: bytes) -> None:
        line = self._process.stdin if self._process is not None else None
        if line is not None and not line.is_closing():
            line.write(words + b"\n")

    async def _tried(self, act: Awaitable[None]) -> None:
        """Do what need not succeed: the janitor and the board do the same again by themselves."""
        try:
            await act
        except Exception:
            log.exception("The companion goes on", extra={"action": "companion"})


def command(config: str) -> tuple[str, ...]:
    """The command line of such a process; `config` is the file, if there is one."""
    words = (sys.executable, "-m", "bot", "worker", "--fed", "--tasks", ",".join(sorted(MINUTES)))
    return (*words, "--config", config) if config and Path(config).exists() else words
