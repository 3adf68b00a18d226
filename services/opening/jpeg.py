"""The form in which pictures are handed to models."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

SHORTEST = 32
"""Pixels that models need at least, either way."""

QUALITY = 88


def opaque(picture: Image.Image) -> Image.Image:
    """Lay a picture on white, which is at least as large as a model needs."""
    size = (max(picture.width, SHORTEST), max(picture.height, SHORTEST))
    sheet = Image.new("RGB", size, "white")
    place = ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2)
    sheet.paste(picture, place, picture if picture.mode == "RGBA" else None)
    return sheet


def save(picture: Image.Image, path: Path, quality: int = QUALITY) -> dict[str, object]:
    """Write an opaque picture and nothing else, and say where it is and how large."""
    picture.info = {}
    picture.save(path, "JPEG", quality=quality)
    return {"path": str(path), "width": picture.width, "height": picture.height}
