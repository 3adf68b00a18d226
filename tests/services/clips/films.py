"""Makes films, and moving pictures, of what they have to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from tests.services.sound.recordings import TONE, make

MP4 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "+faststart")
SOUND = ("-c:a", "aac")


@dataclass(frozen=True, slots=True)
class Scene:
    """What is filmed: a picture that moves, or noise, which nobody can press together."""

    width: int = 160
    height: int = 120
    rate: int = 12
    seconds: float = 1.0
    sound: bool = False
    noise: bool = False

    def inputs(self) -> tuple[str, ...]:
        """Where ffmpeg takes it from."""
        size = f"size={self.width}x{self.height}:rate={self.rate}:duration={self.seconds}"
        drawn = f"color=black:{size.replace('size', 's', 1)},noise=alls=100:allf=t"
        film = ("-f", "lavfi", "-i", drawn if self.noise else f"testsrc={size}")
        tone = ("-f", "lavfi", "-i", TONE.format(seconds=self.seconds))
        return (*film, *tone) if self.sound else film


def film(file: Path, scene: Scene | None = None, options: Sequence[str] = MP4) -> Path:
    """A film of the kind that its ending names; without options it is right already."""
    return make(file, *(scene or Scene()).inputs(), *options)


def moving(file: Path, times: Sequence[int], size: tuple[int, int] = (64, 48)) -> Path:
    """A moving picture whose frames stay for so many milliseconds each; they become lighter."""
    frames = [_frame(size, 255 * at // max(len(times) - 1, 1)) for at in range(len(times))]
    rest, stay = frames[1:], list(times)
    frames[0].save(file, save_all=True, append_images=rest, duration=stay, loop=0, lossless=True)
    return file


def _frame(size: tuple[int, int], shade: int) -> Image.Image:
    frame = Image.new("RGB", size, (shade, shade, shade))
    ImageDraw.Draw(frame).rectangle((0, 0, 7, 7), fill=(220, 20, 20))
    return frame
