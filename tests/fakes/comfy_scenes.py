"""What the fake ComfyUI makes: true files, different for each prompt and each seed."""

from __future__ import annotations

import hashlib
import io
import math
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryFile
from typing import Any

from PIL import Image, ImageDraw

from services.sound.ffmpeg import find

_TEXTS = ("text", "value")
_SMALLEST = (64, 64)
_LAYERS = 3
_SUN, _WORDS = (255, 236, 190), (230, 230, 235)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a graph asks for, put together from the inputs of the nodes before an output."""

    text: str
    seed: int
    size: tuple[int, int]
    frames: int
    fps: float
    start: bytes = b""

    @classmethod
    def of(cls, nodes: Sequence[Mapping[str, Any]], pictures: Mapping[str, bytes]) -> Scene:
        """Read the inputs of all nodes; the largest of each kind counts."""
        inputs = [one.get("inputs", {}) for one in nodes]
        texts = [one[key] for one in inputs for key in _TEXTS if isinstance(one.get(key), str)]
        named = [one["image"] for one in inputs if isinstance(one.get("image"), str)]
        name = next((one for one in named if one in pictures), "")
        start = pictures.get(name, b"")
        size = (_most(inputs, "width"), _most(inputs, "height"))
        if not all(size) and start:
            with Image.open(io.BytesIO(start)) as picture:
                size = (picture.width * 2, picture.height * 2)
        rates = [float(one[key]) for one in inputs for key in ("fps", "frame_rate") if key in one]
        frames = max(_most(inputs, key) for key in ("length", "batch_size", "amount"))
        seed = max(_most(inputs, "seed"), _most(inputs, "noise_seed"))
        size = size if all(size) else _SMALLEST
        return cls(" ".join(texts[:1]), seed, size, max(frames, 1), max(rates, default=8.0), start)

    def picture(self, number: int = 0, size: tuple[int, int] | None = None) -> Image.Image:
        """One frame: hills under a sky, whose colours and shapes come from prompt and seed."""
        size = size or self.size
        mark = hashlib.sha256(f"{self.text} {self.seed}".encode()).digest()
        image = _sky(size, mark)
        if self.start:
            with Image.open(io.BytesIO(self.start)) as start:
                image = Image.blend(start.convert("RGB").resize(size), image, 0.3)
        pen, (width, height) = ImageDraw.Draw(image), size
        left, radius = (mark[6] * width // 256 + number * width // 48) % width, height // 9
        pen.ellipse((left - radius, height // 4, left + radius, height // 4 + 2 * radius), _SUN)
        for layer in range(_LAYERS):
            pen.polygon(_hill(size, mark[7 + 2 * layer :], layer, number), _shade(mark, layer))
        words = f"{self.text[:60]} · {self.seed}"
        pen.text((10, height - 20), words, fill=_WORDS)
        return image

    def preview(self, share: float) -> bytes:
        """A small JPEG that becomes clearer."""
        small = max(int(4 + 60 * share), 4)
        image = self.picture(size=(256, 192)).resize((small, small)).resize((256, 192))
        return _saved(image, "JPEG")

    def png(self, number: int = 0) -> bytes:
        """A picture."""
        return _saved(self.picture(number), "PNG")

    def moving(self, kind: str) -> bytes:
        """An animation as "WEBP", "GIF" or "PNG"."""
        first, *others = [self.picture(number) for number in range(max(self.frames, 2))]
        sink = io.BytesIO()
        first.save(sink, kind, save_all=True, append_images=others, duration=int(1000 / self.fps))
        return sink.getvalue()

    def mp4(self) -> bytes:
        """A film in H.264."""
        width, height = (max(one // 2 * 2, 2) for one in self.size)
        source = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}")
        made = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
        ends = ("-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "pipe:1")
        words = [str(find()), *source, "-r", str(self.fps), "-i", "pipe:0", *made, *ends]
        with TemporaryFile() as film:
            with subprocess.Popen(words, stdin=PIPE, stdout=film, stderr=DEVNULL) as ffmpeg:
                assert ffmpeg.stdin is not None
                for number in range(self.frames):
                    ffmpeg.stdin.write(self.picture(number, (width, height)).tobytes())
            film.seek(0)
            return film.read()


def _sky(size: tuple[int, int], mark: bytes) -> Image.Image:
    """From one bright colour to another."""
    colours = [tuple(110 + one // 2 for one in mark[at : at + 3]) for at in (0, 3)]
    image = Image.new("RGB", (1, 2))
    for row, colour in enumerate(colours):
        image.putpixel((0, row), colour)
    return image.resize(size, Image.Resampling.BILINEAR)


def _hill(size: tuple[int, int], mark: bytes, layer: int, number: int) -> list[tuple[float, float]]:
    """A line of hills that passes by, the nearer the faster, with all that is below it."""
    width, height = size
    base, rise = height * (5 + layer * 1.4) / 10, height * (mark[0] + 80) / 3000
    points = []
    for at in range(0, width + 16, 16):
        turn = (at / width + number * (layer + 1) / 120) * (6 + mark[1] / 40)
        points.append((at, base - rise * (math.sin(turn) + math.sin(turn * 2.3 + layer) / 2)))
    return [*points, (width + 16, height), (0, height)]


def _shade(mark: bytes, layer: int) -> tuple[int, ...]:
    """The nearer, the darker."""
    return tuple(one // (3 + layer) + 40 - 12 * layer for one in mark[16:19])


def _most(inputs: Sequence[Mapping[str, Any]], key: str) -> int:
    return max((one[key] for one in inputs if isinstance(one.get(key), int)), default=0)


def _saved(image: Image.Image, kind: str) -> bytes:
    sink = io.BytesIO()
    image.save(sink, kind)
    return sink.getvalue()
