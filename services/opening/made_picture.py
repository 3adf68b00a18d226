"""A picture that a server made, looked at and written as it is sent; runs in a child."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from services.opening.jpeg import opaque
from services.opening.picture_reader import BROKEN, FORMATS, check, plain, upright
from services.opening.troubles import Trouble, Unreadable
from services.opening.unlabelled import jpeg, png

_AS_IT_IS = {"PNG": ("L", "P", "RGB", "RGBA", "LA", "1"), "JPEG": ("L", "RGB")}
"""What can be shown everywhere; the rest becomes PNG."""

_UPRIGHT = (None, 1)
_ORIENTATION = 0x0112
_QUALITY = 92


def finish(file: Path, into: Path, most: int, pixels: int) -> dict[str, object]:
    """Write it without what was written beside it, in at most so many bytes.

    Its pixels stay as they are as long as that can be. Raises Unreadable.
    """
    picture, form = _opened(file, pixels)
    path = into / f"{file.name}.ready.png"
    if form == "JPEG":
        path = path.with_suffix(".jpg")
        path.write_bytes(jpeg(file.read_bytes()))
    elif form == "PNG":
        path.write_bytes(png(file.read_bytes()))
    else:
        picture.save(path, "PNG", compress_level=4)
    if path.stat().st_size > most:
        path.unlink()
        path = path.with_suffix(".jpg")
        picture = _pressed(picture, path, most)
    mime = "image/jpeg" if path.suffix == ".jpg" else "image/png"
    size = {"width": picture.width, "height": picture.height}
    return {"path": str(path), "mime": mime, "opaque": _opaque(picture), **size}


def _opened(file: Path, pixels: int) -> tuple[Image.Image, str]:
    """All of it; its form where it can be sent in it, else nothing."""
    try:
        picture: Image.Image = Image.open(file, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise Unreadable(Trouble.DAMAGED) from error
    with picture:
        check(picture.size, pixels)
        try:
            picture.load()
        except BROKEN as error:
            raise Unreadable(Trouble.DAMAGED) from error
        form = picture.format or ""
        turned = picture.getexif().get(_ORIENTATION) not in _UPRIGHT
        if picture.mode in _AS_IT_IS.get(form, ()) and not turned:
            return picture, form
        made = upright(plain(picture))
        made.info = {}
        return made, ""


def _pressed(picture: Image.Image, path: Path, most: int) -> Image.Image:
    """A JPEG, and a smaller one until it has no more bytes than it may."""
    made = opaque(plain(picture).convert("RGBA"))
    made.save(path, "JPEG", quality=_QUALITY)
    while path.stat().st_size > most and min(made.size) > 1:
        made = made.reduce(2)
        made.save(path, "JPEG", quality=_QUALITY)
    return made


def _opaque(picture: Image.Image) -> bool:
    if not picture.has_transparency_data:
        return True
    low, _high = picture.convert("RGBA").getchannel("A").getextrema()
    return low == 255
