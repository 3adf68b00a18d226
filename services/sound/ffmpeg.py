"""ffmpeg, which only ever runs as a child with little to take and a time to end by."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from domain.errors import HearthbotError

CURE = "make install"
"""What brings ffmpeg."""

MEMORY = 512 << 20
"""Bytes that a child may take, and a half of them at once."""

WORDS = 4096
"""Bytes of a child's complaints that are kept: the last ones."""

_ALWAYS = (
    "-nostdin",
    "-hide_banner",
    *("-loglevel", "error"),
    *("-protocol_whitelist", "file,pipe"),
    *("-max_alloc", str(MEMORY // 2)),
    "-y",
)


class FfmpegError(HearthbotError):
    """ffmpeg did not do what was asked; the text is for the operator."""


class FfmpegMissing(FfmpegError):
    """There is no ffmpeg that can be started; `cure` is the command that brings it."""

    def __init__(self, why: str) -> None:
        super().__init__(f"ffmpeg {why}; run: {CURE}")
        self.why = why
        self.cure = CURE


class FfmpegHung(FfmpegError):
    """It had not ended when its time was over, and was killed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"ffmpeg had not ended after {seconds:.0f} s")


class FfmpegFailed(FfmpegError):
    """It ended with an error; `words` are its own, which may quote the file."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"ffmpeg ended with {code}")
        self.code = code
        self.words = words


def find(folder: Path | None = None, path: str | None = None) -> Path:
    """The binary that the set-up brought into `folder`, else that of the machine.

    Raises FfmpegMissing. `path` lists folders as PATH does, which it stands in for.
    """
    brought = sorted((folder or _folder()).glob("ffmpeg-*"))
    ready = [one for one in brought if os.access(one, os.X_OK) and one.is_file()]
    if ready:
        return ready[0]
    if installed := shutil.which("ffmpeg", path=path):
        return Path(installed)
    raise FfmpegMissing("is missing")


def _folder() -> Path:
    """Where imageio-ffmpeg has its binary: looked up, for its import would run it."""
    found = importlib.util.find_spec("imageio_ffmpeg")
    place = Path(found.origin).parent if found and found.origin else Path("nowhere")
    return place / "binaries"


@dataclass(frozen=True, slots=True)
class Ffmpeg:
    """Runs ffmpeg; without a `program` it is looked for each time, so it may come later."""

    program: Path | None = None

    async def run(self, arguments: Sequence[str], within: float) -> None:
        """Let it do its work in so many seconds; raises an FfmpegError."""
        try:
            async with asyncio.timeout(within), self.child(arguments) as child:
                words = await last_words(child)
                code = await child.wait()
        except TimeoutError as error:
            raise FfmpegHung(within) from error
        if code:
            raise FfmpegFailed(code, words)

    @asynccontextmanager
    async def child(self, arguments: Sequence[str], stdin: int = DEVNULL) -> AsyncIterator[Process]:
        """A child while the block runs; whatever ends the block ends it. Raises FfmpegMissing."""
        try:
            child = await asyncio.create_subprocess_exec(
                self.program or find(),
                *_ALWAYS,
                *arguments,
                stdin=stdin,
                stdout=DEVNULL,
                stderr=PIPE,
                env={"LC_ALL": "C"},  # what opens strangers' files is told no secrets
                process_group=0,  # no session of its own, which a busy Linux serves last
            )
        except OSError as error:
            raise FfmpegMissing(f"cannot be started ({error.strerror})") from error
        try:
            _hold(child.pid)
            yield child
        finally:
            await _end(child)


async def last_words(child: Process) -> str:
    """Read a child's complaints until it has no more, and keep the last."""
    words = b""
    while child.stderr and (more := await child.stderr.read(WORDS)):
        words = (words + more)[-WORDS:]
    return words.decode("utf-8", "replace")


def _hold(pid: int) -> None:
    """Hold a child to its memory.

    It is done from outside, for code between fork and exec is not safe beside threads. Where the
    system cannot do it, as macOS, there is still ffmpeg's own `-max_alloc`.
    """
    if sys.platform == "linux":
        import resource  # noqa: PLC0415  it can do this on Linux only

        with suppress(ProcessLookupError, PermissionError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))


async def _end(child: Process) -> None:
    """Kill it, with whatever it has started, unless it has ended."""
    if child.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    await child.wait()
