"""Cuts a long recording where nobody speaks, into parts that are heard one by one."""

from __future__ import annotations

import asyncio
import math
import wave
from dataclasses import dataclass
from pathlib import Path

from domain.speech import Speech
from services.sound.segments import AudioSegment, detect_silence, mono
from services.sound.wav import Wav, opened

LONGEST = 300.0
"""Seconds that a part may have."""

LOOK = 30.0
"""Seconds to either side of the best place in which a silence is looked for."""

PAUSE = 300
"""Milliseconds of quiet that are a pause between words and not one inside them."""

BELOW = 16.0
"""Decibels by which a pause is quieter than what is around it."""

_STEP = 20
_QUIET = 100
_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a recording, in samples: from `begin` up to `end`."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part as a recording of its own; `start` is where it begins in the whole, in seconds."""

    speech: Speech
    start: float


async def plan(speech: Speech, longest: float = LONGEST) -> list[Span]:
    """Say where to cut: the same recording is always cut in the same places.

    The parts are about as long as each other, none longer than `longest` seconds. The recording
    is read in windows, never whole.
    """
    return await asyncio.to_thread(_plan, speech.path, longest)


async def carve(speech: Speech, span: Span, room: Path) -> Part:
    """Write one part into the room; a part that is the whole recording is that file itself."""
    return await asyncio.to_thread(_carve, speech, span, room)


def _plan(path: Path, longest: float) -> list[Span]:
    with opened(path) as wav:
        frames, rate = wav.layout.frames, wav.layout.rate
        most, begin, spans = max(int(longest * rate), 1), 0, []
        while frames - begin > most:
            cut = _place(wav, begin, most)
            spans.append(Span(begin, cut))
            begin = cut
    return [*spans, Span(begin, frames)] if frames else []


def _place(wav: Wav, begin: int, most: int) -> int:
    """The best place to end a part that begins there."""
    left, rate = wav.layout.frames - begin, wav.layout.rate
    best = begin + max(left // math.ceil(left / most), 1)
    look = min(int(LOOK * rate), most // 4)
    first, last = max(best - look, begin + 1), min(best + look, begin + most)
    window = mono(wav.read(first, last), rate)
    within = _quietest(window, (best - first) * 1000 // rate) * rate // 1000
    return min(first + within, last)


def _quietest(window: AudioSegment, best: int) -> int:
    """The place, in milliseconds: in the pause that is nearest, else where it is least loud."""
    pauses = detect_silence(window, PAUSE, window.dBFS - BELOW, _STEP)
    inside: list[int] = [min(max(best, start + _QUIET), end - _QUIET) for start, end in pauses]
    if inside:
        return min(inside, key=lambda place: abs(place - best))
    steps = range(0, len(window) - _QUIET + 1, _QUIET)
    return min(
        (at + _QUIET // 2 for at in steps),
        key=lambda place: (_loud(window, place), abs(place - best)),
        default=best,
    )


def _loud(window: AudioSegment, place: int) -> int:
    begin = place - _QUIET // 2
    return int(window[begin : begin + _QUIET].rms)


def _carve(speech: Speech, span: Span, room: Path) -> Part:
    with opened(speech.path) as wav:
        shape = wav.layout
        if (span.begin, span.end) == (0, shape.frames):
            return Part(speech, 0.0)
        into = room / f"part-{span.begin}.wav"
        with wave.open(str(into), "wb") as file:
            file.setparams((shape.channels, shape.width, shape.rate, 0, "NONE", ""))
            for block in wav.windows(span.begin, span.end, _BLOCK):
                file.writeframesraw(block)
    seconds = (span.end - span.begin) / shape.rate
    return Part(Speech(into, seconds), span.begin / shape.rate)
