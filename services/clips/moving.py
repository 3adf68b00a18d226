"""Makes a film of a moving picture: a child unpacks it, and ffmpeg takes what comes out."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.clips.kinds import STILL
from services.clips.probing import THREADS
from services.programs import Pipes, end, start
from services.sound.ffmpeg import Ffmpeg, FfmpegFailed, FfmpegHung

CHILD = "services.clips.frames_child"
MEMORY = 768 << 20

_PROJECT = Path(__file__).resolve().parents[2]
_COLOURS = (
    "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0,"
    "scale=in_color_matrix=bt601:in_range=pc:out_color_matrix=bt709:out_range=tv,format=yuv420p"
)


class Still(Exception):
    """A picture that does not move."""


class Undrawn(Exception):
    """A picture that cannot be opened."""


async def filmed(picture: Path, into: Path, seconds: float, ffmpeg: Ffmpeg, within: float) -> None:
    """Write up to so many seconds of a moving picture as MP4.

    Raises Still, Undrawn or an FfmpegError.
    """
    try:
        async with asyncio.timeout(within), _unpacking(picture, seconds) as (child, frames):
            trouble = await _taken(frames, into, ffmpeg, within)
            code = await child.wait()
    except TimeoutError as error:
        raise FfmpegHung(within) from error
    if code:
        raise Still if code == STILL else Undrawn
    if trouble:
        raise trouble


@asynccontextmanager
async def _unpacking(picture: Path, seconds: float) -> AsyncIterator[tuple[Process, int]]:
    """A child that unpacks, and where its frames come out, which is for the block to close."""
    command = (sys.executable, "-P", "-m", CHILD, str(picture), str(seconds))
    frames, writer = os.pipe()
    try:
        child = await start(command, MEMORY, {"PYTHONPATH": str(_PROJECT)}, Pipes(stdout=writer))
    except BaseException:
        os.close(frames)
        raise
    finally:
        os.close(writer)  # else the frames would never end
    try:
        yield child, frames
    finally:
        await end(child)


async def _taken(frames: int, into: Path, ffmpeg: Ffmpeg, within: float) -> FfmpegFailed | None:
    """Let ffmpeg write what comes; whose fault its trouble is only the other child tells."""
    colours = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
    arguments = (
        *("-f", "yuv4mpegpipe", "-i", "pipe:0", "-vf", _COLOURS, *colours),
        *("-c:v", "libx264", "-threads", THREADS, "-preset", "veryfast", "-crf", "16"),
        *("-movflags", "+faststart", "-f", "mp4", f"file:{into}"),
    )
    try:
        await ffmpeg.run(arguments, within, frames)
    except FfmpegFailed as trouble:
        return trouble
    finally:
        os.close(frames)  # else the other child would wait for ever for somebody to read
    return None
