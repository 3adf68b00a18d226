"""A picture that a server made is written without what does not belong to it."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pillow_heif import register_heif_opener

from services.opening.made_picture import finish
from services.opening.troubles import Trouble, Unreadable
from services.opening.unlabelled import jpeg, png

register_heif_opener(thumbnails=False)  # as the child does, which reads it, too

MOST, PIXELS = 10 << 20, 1_000_000


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture that cannot be pressed together."""
    raw = random.Random(width).randbytes(width * height * 3)
    return Image.frombytes("RGB", (width, height), raw).convert(mode)


def written(picture: Image.Image, form: str, **more: object) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    picture.save(out, form, **more)
    return out.getvalue()


def shown(raw: bytes) -> tuple[str, bytes]:
    """What is to be seen of the bytes of a picture."""
    with Image.open(io.BytesIO(raw)) as picture:
        return picture.mode, picture.tobytes()


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "1"])
def test_a_png_loses_its_texts_and_nothing_else(mode: str) -> None:
    """However they are written."""
    told = PngInfo()
    told.add_text("prompt", "secret")
    told.add_text("workflow", "secret" * 99, zip=True)
    told.add_itxt("parameters", "secret")
    raw = written(noise(20, 10, mode), "PNG", pnginfo=told, dpi=(72, 72))
    assert shown(raw) == shown(png(raw))
    assert png(raw) == png(png(raw))
    assert {"prompt", "workflow", "parameters"}.isdisjoint(_info(png(raw)))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_loses_its_texts_and_nothing_else(mode: str) -> None:
    """The profile of its colours stays."""
    exif = Image.Exif()
    exif[0x010F] = "secret maker"
    more = {"exif": exif, "comment": b"secret", "xmp": b"secret", "icc_profile": b"colours"}
    raw = written(noise(20, 10, mode), "JPEG", **more)
    assert shown(raw) == shown(jpeg(raw))
    assert b"secret" not in jpeg(raw)
    assert b"colours" == _info(jpeg(raw))["icc_profile"]


@given(st.binary(max_size=80))
def test_bytes_of_any_kind_come_to_an_end(raw: bytes) -> None:
    """Nothing is added to them."""
    assert len(png(raw)) <= max(len(raw), 8)
    assert len(jpeg(b"\xff\xd8" + raw)) <= len(raw) + 2


def test_it_is_told_what_was_written(tmp_path: Path) -> None:
    """Where it is, what it is, how large, and whether anything can be seen through it."""
    (tmp_path / "a").write_bytes(written(noise(20, 10), "PNG"))
    assert {
        "path": str(tmp_path / "a.ready.png"),
        "mime": "image/png",
        "width": 20,
        "height": 10,
        "opaque": True,
    } == finish(tmp_path / "a", tmp_path, MOST, PIXELS)
    (tmp_path / "b").write_bytes(written(Image.new("LA", (20, 10), (9, 9)), "PNG"))
    assert not finish(tmp_path / "b", tmp_path, MOST, PIXELS)["opaque"]


@pytest.mark.parametrize(
    ("form", "mode", "mime"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/png"),
        ("WEBP", "RGB", "image/png"),
        ("PNG", "I;16", "image/png"),
    ],
)
def test_what_is_shown_everywhere_keeps_its_form(
    tmp_path: Path, form: str, mode: str, mime: str
) -> None:
    """The rest becomes PNG."""
    picture = noise(20, 10, "L").convert(mode) if mode == "I;16" else noise(20, 10, mode)
    (tmp_path / "a").write_bytes(written(picture, form))
    assert mime == finish(tmp_path / "a", tmp_path, MOST, PIXELS)["mime"]


@pytest.mark.parametrize(("most", "width"), [(8000, 80), (1500, 20), (1, 1)])
def test_too_many_bytes_become_fewer(tmp_path: Path, most: int, width: int) -> None:
    """By another form first, then by half the size each time, and never by nothing at all."""
    (tmp_path / "a").write_bytes(written(noise(80, 80), "PNG"))
    told = finish(tmp_path / "a", tmp_path, most, PIXELS)
    assert ("image/jpeg", width) == (told["mime"], told["width"])
    assert {"a", "a.ready.jpg"} == {one.name for one in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("raw", "trouble"),
    [
        (b"hello", Trouble.DAMAGED),
        (written(noise(80, 80), "PNG")[:5000], Trouble.DAMAGED),
        (written(Image.new("L", (1001, 1000)), "PNG"), Trouble.PIXELS),
    ],
)
def test_what_is_no_picture_is_told(tmp_path: Path, raw: bytes, trouble: Trouble) -> None:
    """And nothing is written."""
    (tmp_path / "a").write_bytes(raw)
    with pytest.raises(Unreadable) as caught:
        finish(tmp_path / "a", tmp_path, MOST, PIXELS)
    assert trouble is caught.value.trouble
    assert ["a"] == [one.name for one in tmp_path.iterdir()]


def _info(raw: bytes) -> dict[str | tuple[int, int], object]:
    with Image.open(io.BytesIO(raw)) as picture:
        picture.load()
        return dict(picture.info)
