"""What it takes to open a voice note, and to cut an hour of talk into parts.

The baseline is ffmpeg alone on the same file, as one would call it by hand.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.figures import NAIVE, OURS, Claim, median
from benchmarks.scene import Scenes
from benchmarks.sheet import Round, Sheet
from services.sound.convert import RATE, Converter
from services.sound.cutting import carve, plan
from services.sound.encoding import voice_file
from services.sound.ffmpeg import Ffmpeg, find
from services.sound.segments import AudioSegment, mono
from services.sound.wav import opened
from services.words import Words

CLAIMS = (
    Claim("a voice note of 20 s made ready to be heard", "convert", median, "ms"),
    Claim("the same, in times of ffmpeg alone", "times", median, "x", 1.3),
    Claim("a spoken answer done after its last sentence of 5 s", "finish", median, "ms"),
    Claim("an hour of talk made ready and cut", "hour", median, "s"),
    Claim("memory that the program grew by meanwhile", "grown", max, "MiB", 40),
)
ROUNDS, NOTES, NOTE_SECONDS, SENTENCE_SECONDS = 3, 15, 20, 5
HOUR, QUICK_HOUR = 180, 18
"""How many notes make a long recording."""

_WATCH = 0.005
_TALK = "0.4*sin(440*t)*sin(3000*t)*lt(mod(t\\,1.7)\\,1.2)"
"""Sound with pauses in it, as talk has."""


@dataclass(frozen=True, slots=True)
class _Workshop:
    folder: Path
    note: Path
    long: Path
    converter: Converter
    words: Words

    def sentence(self) -> AudioSegment:
        """The beginning of the talk, as a synthesizer would give it."""
        with opened(self.folder / "plain.wav") as file:
            return mono(file.read(0, SENTENCE_SECONDS * RATE), RATE)

    async def convert(self, file: Path, *, cut: bool = False) -> None:
        """Open a recording, and cut it as the bot does; nothing stays."""
        room = self.folder / "room"
        room.mkdir()
        speech = await self.converter.convert(file, room, self.words.speak("en"))
        for span in await plan(speech) if cut else ():
            await carve(speech, span, room)
        shutil.rmtree(room)


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Notes one after another, the baseline between them; then the hour."""
    shop = await _workshop(scenes.folder, QUICK_HOUR if sheet.quick else HOUR)
    for one in sheet.several(ROUNDS):
        for _ in range(1 if sheet.quick else NOTES):
            await _note(shop, one)
        one.samples[OURS]["finish"].append(await _finish(shop))
    for one in sheet.several(1):
        async with _growth(one.samples[OURS]["grown"]):
            began = time.monotonic()
            await shop.convert(shop.long, cut=True)
            one.samples[OURS]["hour"].append(time.monotonic() - began)


async def _workshop(folder: Path, times: int) -> _Workshop:
    note, long = folder / "note.ogg", folder / "long.ogg"
    talk = f"aevalsrc={_TALK}:s=48000:d={NOTE_SECONDS}"
    await _ffmpeg("-f", "lavfi", "-i", talk, "-c:a", "libopus", "-b:a", "32k", str(note))
    await _ffmpeg("-stream_loop", str(times - 1), "-i", str(note), "-c", "copy", str(long))
    return _Workshop(folder, note, long, Converter(Ffmpeg()), Words(folder))


async def _note(shop: _Workshop, one: Round) -> None:
    began = time.monotonic()
    await shop.convert(shop.note)
    ours = time.monotonic() - began
    began = time.monotonic()
    plain = ("-ac", "1", "-ar", str(RATE), str(shop.folder / "plain.wav"))
    await _ffmpeg("-i", str(shop.note), *plain)
    alone = time.monotonic() - began
    one.samples[OURS]["convert"].append(ours * 1000)
    one.samples[NAIVE]["convert"].append(alone * 1000)
    one.samples[OURS]["times"].append(ours / alone)


async def _finish(shop: _Workshop) -> float:
    """What is left to do when the last sentence is there, in milliseconds."""
    sentence = shop.sentence()
    async with voice_file(shop.folder / "answer.ogg", Ffmpeg(), 600) as file:
        for _ in range(6):
            await file.add(sentence, 0.25)
            await asyncio.sleep(0.25)  # the next one is still being spoken
        began = time.monotonic()
        await file.add(sentence, 0.25)
        await file.finish()
        return (time.monotonic() - began) * 1000


@asynccontextmanager
async def _growth(into: list[float]) -> AsyncIterator[None]:
    """Note by how many MiB this process was larger than before, at most."""
    own = psutil.Process()
    before = most = own.memory_info().rss

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, own.memory_info().rss)
            await asyncio.sleep(_WATCH)

    watching = asyncio.create_task(watch(), name="watch memory")
    try:
        yield
    finally:
        watching.cancel()
    into.append((most - before) / (1 << 20))


async def _ffmpeg(*arguments: str) -> None:
    line = (str(find()), "-y", "-loglevel", "error", *arguments)
    process = await asyncio.create_subprocess_exec(*line, stdin=DEVNULL)
    assert await process.wait() == 0
