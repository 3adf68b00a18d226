"""What ffmpeg is told to write: MP4 as Telegram plays it on every device."""

from __future__ import annotations

from dataclasses import dataclass

from services.clips.probing import THREADS

CODEC, PIXELS = "h264", "yuv420p"
SOUNDS = frozenset({"", "aac", "mp3"})
"""The sounds that need no other form; none is one of them."""

LONGEST = 1920
"""Pixels of the longer side: old telephones play no more."""

FASTEST = 20_000_000
"""Bits a second, for the same reason."""

_BUFFER = 1.0  # seconds by which the rate may be ahead of itself
_SOUND = 128_000
_SPARE = 0.92  # what is left for pictures and sound beside the index
_SHARED = ("-map_metadata", "-1", "-map_chapters", "-1", "-movflags", "+faststart", "-f", "mp4")
_STREAMS = ("-map", "0:v:0", "-map", "0:a:0?", "-sn", "-dn")


@dataclass(frozen=True, slots=True)
class Try:
    """How much a film is made smaller: `quality` is x264's, where less is better."""

    longest: int
    quality: int
    share: float


TRIES = (Try(LONGEST, 20, 1.0), Try(1280, 27, 0.5))
"""The first is what nobody sees; the second is still better than no film."""


def rewrapped() -> tuple[str, ...]:
    """The same pictures and sounds in another box."""
    return (*_STREAMS, "-c", "copy", *_SHARED)


def encoded(one: Try, size: tuple[int, int], seconds: float, most: int) -> tuple[str, ...]:
    """Pictures and sounds made anew, of up to so many seconds and about so many bytes."""
    bits = most * 8 * _SPARE * one.share - _SOUND * seconds
    rate = max(min(int(bits / (seconds + _BUFFER)), FASTEST), 1000)
    pace = ("-maxrate", str(rate), "-bufsize", str(int(rate * _BUFFER)), "-fpsmax", "60")
    return (
        *(*_STREAMS, "-vf", f"{_fitted(size, one.longest)},setsar=1", "-t", f"{seconds:.3f}"),
        *("-c:v", "libx264", "-threads", THREADS, "-preset", "veryfast", "-crf", str(one.quality)),
        *(*pace, "-pix_fmt", PIXELS, "-c:a", "aac", "-b:a", str(_SOUND), "-ac", "2"),
        *("-fs", str(2 * most), *_SHARED),  # what is cut off there must not seem small enough
    )


def _fitted(size: tuple[int, int], longest: int) -> str:
    """Even sizes; a column too many is cut off, since to scale by a column blurs all of them."""
    longer = max(size)
    if longer <= longest:
        return f"crop={size[0] // 2 * 2}:{size[1] // 2 * 2}:0:0"
    width, height = (max(2, round(side * longest / longer / 2) * 2) for side in size)
    return f"scale={width}:{height}:flags=lanczos"
