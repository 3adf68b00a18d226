"""What it takes to make a GIF of a film, and to see that a film is right.

The baseline is ffmpeg alone on the same file with the same filter, as one would call it by hand.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from asyncio.subprocess import DEVNULL
from collections.abc import Awaitable
from pathlib import Path

from benchmarks.figures import NAIVE, OURS, Claim, median
from benchmarks.scene import Scenes
from benchmarks.sheet import Round, Sheet
from domain.drawing import Clip
from services.clips.checking import Finisher, Wanted
from services.clips.gif import STEPS, GifMaker
from services.files import Shelf
from services.sound.ffmpeg import Ffmpeg, find
from services.words import Words

CLAIMS = (
    Claim("a film of 4 s, 832x480, made a GIF", "gif", median, "ms"),
    Claim("the same, in times of ffmpeg alone", "times", median, "x", 1.2),
    Claim("the same GIF wanted once more", "again", median, "ms"),
    Claim("a right film looked at before it is sent", "right", median, "ms"),
)
ROUNDS, FILMS = 3, 5
SECONDS, SIZE, RATE = 4, "832x480", 24


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """One film after another, the baseline between them."""
    folder = scenes.folder / "gif"
    folder.mkdir()
    film = folder / "film.mp4"
    drawn = f"testsrc2=size={SIZE}:rate={RATE}:duration={SECONDS}"
    moved = f"{drawn},rotate=t/9,noise=alls=6:allf=t"  # films are seldom as plain as a test
    kind = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart")
    await _ffmpeg("-f", "lavfi", "-i", moved, *kind, str(film))
    for one in sheet.several(ROUNDS):
        for _ in range(1 if sheet.quick else FILMS):
            await _film(film, folder, one)


async def _film(film: Path, folder: Path, one: Round) -> None:
    room, voice = folder / "room", Words(folder).speak("en")
    shelf, ours = Shelf(folder / "shelf"), one.samples[OURS]
    room.mkdir()
    ref = shelf.put(Path(shutil.copy(film, room)), ".mp4")
    maker = GifMaker(Ffmpeg(), shelf)
    made = await _timed(maker.gif(ref, room, voice))
    by_hand = ("-i", str(shelf.path(ref)), "-filter_complex", STEPS[0].graph())
    alone = await _timed(_ffmpeg(*by_hand, str(room / "alone.gif")))
    ours["gif"].append(made)
    ours["times"].append(made / alone)
    one.samples[NAIVE]["gif"].append(alone)
    ours["again"].append(await _timed(maker.gif(ref, room, voice)))
    clip = Clip(Path(shutil.copy(film, room)), "video/mp4")
    finishing = Finisher(Ffmpeg()).finish(clip, room, Wanted("bench", SECONDS), voice)
    ours["right"].append(await _timed(finishing))
    shutil.rmtree(room)


async def _timed(work: Awaitable[object]) -> float:
    """How many milliseconds it takes."""
    began = time.monotonic()
    await work
    return (time.monotonic() - began) * 1000


async def _ffmpeg(*arguments: str) -> None:
    line = (str(find()), "-y", "-loglevel", "error", *arguments)
    process = await asyncio.create_subprocess_exec(*line, stdin=DEVNULL)
    assert await process.wait() == 0
