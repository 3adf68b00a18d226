"""What a film is, by opening every picture of it: headers may say anything.

ffmpeg tells it while it throws the pictures away. It reports what it reads before what it writes,
and only the latter is believed: into the former a file can write what it likes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from services.clips.kinds import Form
from services.sound.ffmpeg import Ffmpeg, FfmpegFailed

DECODERS = (
    "h264,libopenh264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,prores,ffv1,"
    "mjpeg,png,rawvideo,"
    "aac,aac_fixed,mp3,mp3float,opus,libopus,vorbis,libvorbis,flac,alac,ac3,"
    "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8"
)
"""What films are made of; no other decoder is ever opened."""

THREADS = "4"
"""Each thread has a stack, and all count: as many as processors would be too many for a server."""

MEMORY = 1 << 30
"""Bytes that ffmpeg may take: it holds many pictures of a film at the same time."""

_MAPPED = re.compile(r"^ +Stream #0:\d+ -> #0:(\d+) \((\w+)", re.MULTILINE)
_WRITTEN = re.compile(
    r"^ +Stream #0:0.*?: Video: \w+.*?, (\w+)(?:\([^)]*\))?, (\d+)x(\d+)", re.MULTILINE
)
_FRAMES = re.compile(r"^frame=(\d+)$", re.MULTILINE)
_REACHED = re.compile(r"^out_time_us=(-?\d+)$", re.MULTILINE)
_CUT = "File ended prematurely"
"""What is said of Matroska alone, and is no error to who says it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a film is: its codecs and its `pixels` as ffmpeg calls them; `size` is in pixels.

    `sound` is empty where there is none.
    """

    seconds: float
    frames: int
    codec: str
    pixels: str
    size: tuple[int, int]
    sound: str


def roomy(ffmpeg: Ffmpeg) -> Ffmpeg:
    """The same with room for films."""
    return replace(ffmpeg, memory=max(ffmpeg.memory, MEMORY))


def source(file: Path, form: Form) -> tuple[str, ...]:
    """How ffmpeg is told to open a film: `-f` names the reader, so no list of others is read."""
    held = ("-threads", THREADS, "-filter_threads", THREADS, "-filter_complex_threads", THREADS)
    return (*held, "-codec_whitelist", DECODERS, "-f", form.value, "-i", f"file:{file}")


async def probe(file: Path, form: Form, ffmpeg: Ffmpeg, most: float, within: float) -> Facts:
    """Open a film's first `most` seconds, `within` so many; raises an FfmpegError.

    A film of which a part is missing or damaged is FfmpegFailed.
    """
    telling = ("-loglevel", "info", "-nostats", "-stats_period", "600", "-progress", "pipe:2")
    wanted = ("-map", "0:v:0", "-map", "0:a:0?", "-map_metadata", "-1", "-t", f"{most:.3f}")
    words = await ffmpeg.run(
        (*telling, "-xerror", *source(file, form), *wanted, "-f", "null", "-"), within
    )
    return _told(words)


def _told(words: str) -> Facts:
    before, _, after = words.rpartition("\nOutput #0, null")
    codecs = dict(_MAPPED.findall(before.rpartition("\nStream mapping:")[2]))
    written, frames, reached = (one.search(after) for one in (_WRITTEN, _FRAMES, _REACHED))
    if _CUT in words or not (written and frames and reached and "0" in codecs):
        raise FfmpegFailed(0, words)
    size = (int(written[2]), int(written[3]))
    sound = codecs.get("1", "")
    return Facts(int(reached[1]) / 1e6, int(frames[1]), codecs["0"], written[1], size, sound)
