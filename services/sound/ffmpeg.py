"""ffmpeg, which only ever runs as a child with little to take and a time to end by."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.errors import HearthbotError
from services.programs import Pipes, end, start

CURE = "make install"
"""What brings ffmpeg."""

MEMORY = 512 << 20
"""Bytes that a child may usually take, and a half of them at once, which holds on macOS, too."""

WORDS = 16 << 10
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
    """Runs ffmpeg; without a `program` it is looked for each time, so it may come later.

    A child may take so many bytes of `memory`.
    """

    program: Path | None = None
    memory: int = MEMORY

    async def run(self, arguments: Sequence[str], within: float, stdin: int = DEVNULL) -> str:
        """Let it do its work in so many seconds, and return its last words.

        Raises an FfmpegError.
        """
        try:
            async with asyncio.timeout(within), self.child(arguments, stdin) as child:
                words = await last_words(child)
                code = await child.wait()
        except TimeoutError as error:
            raise FfmpegHung(within) from error
        if code:
            raise FfmpegFailed(code, words)
        return words

    @asynccontextmanager
    async def child(self, arguments: Sequence[str], stdin: int = DEVNULL) -> AsyncIterator[Process]:
        """A child while the block runs; whatever ends the block ends it. Raises FfmpegMissing."""
        try:
            command: list[str | Path] = [self.program or find(), *_ALWAYS, *arguments]
            child = await start(command, self.memory, {}, Pipes(stdin=stdin, stderr=PIPE))
        except OSError as error:
            raise FfmpegMissing(f"cannot be started ({error.strerror})") from error
        try:
            yield child
        finally:
            await end(child)


async def last_words(child: Process) -> str:
    """Read a child's complaints until it has no more, and keep the last."""
    words = b""
    while child.stderr and (more := await child.stderr.read(WORDS)):
        words = (words + more)[-WORDS:]
    return words.decode("utf-8", "replace")
