"""Short films, made by the real ffmpeg."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from services.sound.ffmpeg import Ffmpeg

SECONDS = 60.0

_made: dict[tuple[int, int, int, bool], bytes] = {}


async def mp4(width: int, height: int, seconds: int = 2, *, fast: bool = True) -> bytes:
    """A film of moving bars; not `fast`, what tells of it stands at its end."""
    key = (width, height, seconds, fast)
    if key not in _made:
        _made[key] = await _make(*key)
    return _made[key]


async def _make(width: int, height: int, seconds: int, fast: bool) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "film.mp4"
        bars = f"testsrc=size={width}x{height}:rate=8:duration={seconds}"
        front = ("-movflags", "+faststart") if fast else ()
        arguments = ("-f", "lavfi", "-i", bars, "-pix_fmt", "yuv420p", *front, str(file))
        await Ffmpeg().run(arguments, SECONDS)
        return await asyncio.to_thread(file.read_bytes)
