"""What the fake ComfyUI makes: true files, different for each prompt and each seed."""

from __future__ import annotations

import hashlib
import io
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryFile
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from services.sound.ffmpeg import find

_TEXTS = ("text", "value")
_SMALLEST = (64, 64)


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
        """One frame: colours that flow together, balls that fly, and the words themselves."""
        width, height = size = size or self.size
        mark = hashlib.sha256(f"{self.text} {self.seed}".encode()).digest()
        image = Image.frombytes("RGB", (3, 3), mark[:27]).resize(size, Image.Resampling.BICUBIC)
        if self.start:
            with Image.open(io.BytesIO(self.start)) as start:
                image = Image.blend(start.convert("RGB").resize(size), image, 0.35)
        pen = ImageDraw.Draw(image)
        for ball in range(4):
            radius = min(size) * (2 + mark[ball] % 4) // 24 + 1
            left = (mark[4 + ball] * width // 256 + number * width // 40) % width
            top = mark[8 + ball] * height // 256
            around = (left - radius, top - radius, left + radius, top + radius)
            pen.ellipse(around, fill=tuple(mark[12 + 3 * ball : 15 + 3 * ball]))
        letters = ImageFont.load_default(max(height // 16, 10))
        words = f"{self.text[:40]}\nseed {self.seed}"
        place = (width // 20, height * 3 // 4)
        pen.text(place, words, "white", letters, stroke_width=2, stroke_fill="black")
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


def _most(inputs: Sequence[Mapping[str, Any]], key: str) -> int:
    return max((one[key] for one in inputs if isinstance(one.get(key), int)), default=0)


def _saved(image: Image.Image, kind: str) -> bytes:
    sink = io.BytesIO()
    image.save(sink, kind)
    return sink.getvalue()
