"""Makes the sentences that a synthesizer spoke fit together: one loudness, no gaps of their own."""

from __future__ import annotations

import asyncio
import io
import tempfile
from pathlib import Path

from services.sound.decoding import Decoding
from services.sound.ffmpeg import Ffmpeg, FfmpegFailed, FfmpegHung
from services.sound.kinds import WAV, Kind, kind
from services.sound.segments import AudioSegment, detect_leading_silence
from services.sound.wav import Coded, Layout, Misshapen, layout

SENTENCE = 0.25
"""Seconds of pause between sentences."""

PARAGRAPH = 0.6
"""Seconds of pause between paragraphs."""

LOUDNESS = -20.0
"""dBFS that every sentence gets."""

CEILING = -1.0
"""dBFS that no sample exceeds."""

MOST_GAIN = 20.0
"""Decibels by which a sentence is changed: noise stays noise."""

LONGEST = 300
"""Seconds that a piece may have; a few sentences have far fewer."""

RATE = 24_000
"""Samples a second of what ffmpeg has to unpack."""

_FLOOR = 40.0  # decibels below its loudest place where a sentence counts as quiet
_MARGIN = 40  # milliseconds of that quiet which stay at either end
_STEP = 10
_DEADLINE = 20.0
_BYTES = LONGEST * 192_000
_SIGNED = bytes(byte ^ 0x80 for byte in range(256))  # WAV counts single bytes from the middle


class NoSound(ValueError):
    """What a synthesizer gave is no recording; the text says of what shape it is."""


async def spoken(data: bytes, room: Path, ffmpeg: Ffmpeg) -> AudioSegment:
    """Read what a synthesizer gave, trimmed and of even loudness, in one channel of 16 bits.

    Raises NoSound for what is empty, garbage or absurdly long, and FfmpegMissing where the bytes
    want ffmpeg, which WAV does not.
    """
    form = kind(io.BytesIO(data))
    if form is None or len(data) > _BYTES:
        raise NoSound(_shape(data))
    if form is WAV:
        try:
            return await asyncio.to_thread(_plain, data)
        except Coded:
            pass
    return await _unpacked(data, form, room, ffmpeg)


def evened(piece: AudioSegment) -> AudioSegment:
    """Bring it to one loudness, though never so far that it distorts."""
    if not piece.rms:
        return piece
    gain = min(LOUDNESS - piece.dBFS, CEILING - piece.max_dBFS)
    return piece.apply_gain(max(-MOST_GAIN, min(gain, MOST_GAIN)))


def trimmed(piece: AudioSegment) -> AudioSegment:
    """Take the silence from both ends, but for a margin; what is all silence becomes empty."""
    if not piece.rms:
        return piece[:0]
    floor = piece.max_dBFS - _FLOOR
    before = detect_leading_silence(piece, floor, _STEP)
    after = detect_leading_silence(piece.reverse(), floor, _STEP)
    return piece[max(before - _MARGIN, 0) : len(piece) - max(after - _MARGIN, 0)]


def _plain(data: bytes) -> AudioSegment:
    try:
        shape = layout(io.BytesIO(data))
    except Misshapen as error:
        raise NoSound(f"a WAV file, but {error}") from error
    if not shape.frames:
        raise NoSound("a WAV file without samples")
    if shape.seconds > LONGEST:
        raise NoSound(f"a recording of {shape.seconds:.0f} s")
    return evened(trimmed(_single(data, shape)))


def _single(data: bytes, shape: Layout) -> AudioSegment:
    whole = data[shape.start : shape.start + shape.frames * shape.frame]
    if shape.width == 1:
        whole = whole.translate(_SIGNED)
    many = AudioSegment(
        whole, sample_width=shape.width, frame_rate=shape.rate, channels=shape.channels
    )
    return many.set_sample_width(2).set_channels(1)


async def _unpacked(data: bytes, form: Kind, room: Path, ffmpeg: Ffmpeg) -> AudioSegment:
    with tempfile.TemporaryDirectory(dir=room) as name:
        folder = Path(name)
        file, into = folder / f"spoken{form.ending}", folder / "plain.wav"
        await asyncio.to_thread(file.write_bytes, data)
        decoding = Decoding(file, form, into, RATE, LONGEST + 1)
        try:
            await ffmpeg.run(decoding.arguments(), _DEADLINE)
            return await asyncio.to_thread(lambda: _plain(into.read_bytes()))
        except (FfmpegFailed, FfmpegHung) as error:
            raise NoSound(f"a damaged {form.ending} file") from error


def _shape(data: bytes) -> str:
    """What it looks like, without a word of it."""
    start = data[:256].lstrip().lower()
    looks = (
        "HTML or XML" if start.startswith(b"<") else "JSON" if start[:1] in b"{[" else "no sound"
    )
    return f"{looks}, {len(data)} bytes" if data else "nothing"
