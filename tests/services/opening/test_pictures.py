"""Whatever picture somebody sends becomes one that any model takes, or one clear word."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from pillow_heif import from_pillow

from domain.errors import Broken, Refused, TooBig, Unsupported
from domain.pictures import Picture
from services.opening.jpeg import SHORTEST
from services.opening.limits import Limits
from services.opening.opener import Opener
from services.opening.picture_reader import LONGEST
from services.words import Voice

pytestmark = pytest.mark.asyncio(loop_scope="module")

RED, BLUE = (220, 20, 20), (20, 20, 220)
ORIENTATION = 0x0112
PLACE = 0x8825
"""The tag under which EXIF keeps where a picture was taken."""


def halves(width: int = 200, height: int = 100, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(made).rectangle((width // 2, 0, width, height), fill=BLUE)
    return made.convert(mode)


def near(picture: Picture, x: float, y: float) -> str:
    """The colour at a place, given as shares of width and height, by the name it is nearest to."""
    with Image.open(picture.path) as made:
        seen = made.convert("RGB").getpixel((int(x * picture.width), int(y * picture.height)))
    assert isinstance(seen, tuple)
    known = {"red": RED, "blue": BLUE, "white": (255, 255, 255), "black": (0, 0, 0)}
    return min(
        known, key=lambda name: sum((a - b) ** 2 for a, b in zip(known[name], seen, strict=True))
    )


def chunk(kind: bytes, content: bytes) -> bytes:
    """A piece of a PNG."""
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def png(width: int, height: int, content: bytes) -> bytes:
    """A grey PNG that says it is so large, and holds what it is given."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pieces = chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + pieces


def names(room: Path) -> list[str]:
    """What is in a room."""
    return sorted(one.name for one in room.iterdir())


async def refused(opener: Opener, file: Path, room: Path, voice: Voice) -> Refused:
    """Open what cannot be opened."""
    with pytest.raises(Refused) as caught:
        await opener.pictures(file, room, voice)
    return caught.value


@pytest.mark.parametrize(
    ("ending", "form", "mode"),
    [
        ("jpg", "JPEG", "RGB"),
        ("jpg", "JPEG", "CMYK"),
        ("jpg", "JPEG", "L"),
        ("png", "PNG", "RGB"),
        ("png", "PNG", "RGBA"),
        ("png", "PNG", "P"),
        ("png", "PNG", "I;16"),
        ("png", "PNG", "1"),
        ("webp", "WEBP", "RGBA"),
        ("gif", "GIF", "P"),
        ("tif", "TIFF", "RGB"),
        ("tif", "TIFF", "LAB"),
        ("bmp", "BMP", "RGB"),
        ("heic", "HEIF", "RGB"),
        ("avif", "AVIF", "RGB"),
    ],
)
async def test_pictures_of_all_kinds_become_jpegs(
    *, opener: Opener, tmp_path: Path, room: Path, voice: Voice, ending: str, form: str, mode: str
) -> None:
    """By their bytes: the name may say anything."""
    file = tmp_path / f"{ending}.bin"
    if form == "HEIF":
        from_pillow(halves()).save(file)
    else:
        halves(mode=mode).save(file, form)
    [picture] = await opener.pictures(file, room, voice)
    assert ("image/jpeg", 200, 100) == (picture.mime, picture.width, picture.height)
    with Image.open(picture.path) as made:
        assert ("JPEG", "RGB", (200, 100)) == (made.format, made.mode, made.size)
    if mode in {"RGB", "RGBA", "P", "CMYK"}:
        assert ("red", "blue") == (near(picture, 0.25, 0.5), near(picture, 0.75, 0.5))


@pytest.mark.parametrize(
    ("orientation", "red", "blue"),
    [
        (1, (0.25, 0.5), (0.75, 0.5)),
        (3, (0.75, 0.5), (0.25, 0.5)),
        (6, (0.5, 0.25), (0.5, 0.75)),
        (8, (0.5, 0.75), (0.5, 0.25)),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("width", [200, 2000])
async def test_a_picture_stands_upright_and_tells_nothing_of_where_it_was_taken(
    *,
    opener: Opener,
    tmp_path: Path,
    room: Path,
    voice: Voice,
    orientation: int,
    red: tuple[float, float],
    blue: tuple[float, float],
    form: str,
    width: int,
) -> None:
    """Phones write pixels as the sensor lies, and where their owner lives."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif.get_ifd(PLACE)[1] = "N"
    file = tmp_path / "photo"
    halves(width, width // 2).save(file, form, exif=exif)
    [picture] = await opener.pictures(file, room, voice)
    assert ("red", "blue") == (near(picture, *red), near(picture, *blue))
    with Image.open(picture.path) as made:
        assert {} == dict(made.getexif())
        assert not {"exif", "icc_profile", "xmp", "comment"} & made.info.keys()


async def test_a_large_picture_is_made_small_and_keeps_its_shape(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """More pixels cost a model time and show it no more."""
    halves(6000, 3000).save(tmp_path / "large", "JPEG")
    [picture] = await opener.pictures(tmp_path / "large", room, voice)
    assert (LONGEST, LONGEST // 2) == (picture.width, picture.height)


@pytest.mark.parametrize(("size", "expected"), [((1, 1), (64, 64)), ((1, 3000), (32, 1568))])
async def test_a_speck_is_made_large_enough_to_be_seen(
    *,
    opener: Opener,
    tmp_path: Path,
    room: Path,
    voice: Voice,
    size: tuple[int, int],
    expected: tuple[int, int],
) -> None:
    """Models fail over pictures of a few pixels."""
    Image.new("RGB", size, RED).save(tmp_path / "speck", "PNG")
    [picture] = await opener.pictures(tmp_path / "speck", room, voice)
    assert expected == (picture.width, picture.height)
    assert min(picture.width, picture.height) >= SHORTEST
    assert near(picture, 0.48, 0.48) == "red"


async def test_what_is_see_through_is_laid_on_white(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """Black text on nothing would be black on black."""
    sticker = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(sticker).rectangle((0, 0, 50, 100), fill=(*BLUE, 255))
    for form, mode in (("WEBP", "RGBA"), ("PNG", "RGBA"), ("GIF", "RGBA"), ("PNG", "LA")):
        sticker.convert(mode).save(tmp_path / "sticker", form)
        [picture] = await opener.pictures(tmp_path / "sticker", room, voice)
        assert near(picture, 0.25, 0.5) in {"blue", "black"}
        assert near(picture, 0.75, 0.5) == "white"


async def test_a_gif_gives_its_first_frame_and_a_tiff_its_pages_up_to_a_limit(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """A scan of several pages is several pictures, in their order."""
    pages = [Image.new("RGB", (60, 60), colour) for colour in (RED, BLUE, RED, BLUE)]
    for form in ("GIF", "TIFF"):
        pages[0].save(tmp_path / form, form, save_all=True, append_images=pages[1:])
    [first] = await opener.pictures(tmp_path / "GIF", room, voice)
    assert near(first, 0.5, 0.5) == "red"
    made = await opener.pictures(tmp_path / "TIFF", room, voice, most=3)
    assert ["red", "blue", "red"] == [near(one, 0.5, 0.5) for one in made]
    assert len({one.path for one in (first, *made)}) == 4


async def test_of_a_cut_off_jpeg_what_is_there_is_taken(
    *, opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """A half of a photo still shows something; the rest of it is grey."""
    halves(800, 800).rotate(90).save(tmp_path / "whole", "JPEG")
    whole = (tmp_path / "whole").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: int(len(whole) * 0.6)])
    [picture] = await opener.pictures(tmp_path / "cut", room, voice)
    assert (800, 800) == (picture.width, picture.height)
    assert near(picture, 0.5, 0.1) == "blue"


@pytest.mark.parametrize("share", [0.01, 0.5, 1])
async def test_a_jpeg_of_which_nothing_is_left_is_broken(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice, share: float
) -> None:
    """A grey square would be described as one."""
    halves().save(tmp_path / "whole", "JPEG")
    whole = (tmp_path / "whole").read_bytes()
    pixels = whole.index(b"\xff\xda") + 14
    (tmp_path / "cut").write_bytes(whole[: int(pixels * share)])
    refusal = await refused(opener, tmp_path / "cut", room, voice)
    assert isinstance(refusal, Broken)
    assert "damaged" in str(refusal)
    assert [] == names(room)


async def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """It may be a bomb: a few bytes that unpack to gigabytes."""
    bomb = zlib.compress(bytes(20_001) * 2000)
    (tmp_path / "bomb").write_bytes(png(20_000, 20_000, bomb))
    refusal = await refused(opener, tmp_path / "bomb", room, voice)
    assert isinstance(refusal, TooBig)
    expected = "This picture has 400 megapixels, and I take up to 100. "
    assert f"{expected}Please send a smaller copy of it." == str(refusal)


async def test_a_picture_that_holds_more_than_it_says_stays_as_small(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """A bomb of the other kind: the header is modest, the pixels never end."""
    bomb = zlib.compress(bytes(50_000_000), 9)
    (tmp_path / "bomb").write_bytes(png(100, 100, bomb))
    [picture] = await opener.pictures(tmp_path / "bomb", room, voice)
    assert (100, 100) == (picture.width, picture.height)


@pytest.mark.parametrize(
    ("content", "kind", "word"),
    [
        (b"", Broken, "empty"),
        (b"MZ\x90\x00\x03" + bytes(60), Unsupported, "program"),
        (b"\x7fELF" + bytes(60), Unsupported, "program"),
        (b"PK\x05\x06" + bytes(18), Unsupported, "archive"),
        (b"%PDF-1.7\n", Unsupported, "no picture"),
        (b"just words", Unsupported, "no picture"),
        (b"OggS" + bytes(60), Unsupported, "no picture"),
        (b"\x89PNG\r\n\x1a\n", Broken, "damaged"),
        (b"GIF89a", Broken, "damaged"),
        (b"II*\x00" + b"\xff" * 60, Broken, "damaged"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(60), Broken, "damaged"),
    ],
)
async def test_what_is_no_picture_is_refused_with_the_reason(
    *,
    opener: Opener,
    tmp_path: Path,
    room: Path,
    voice: Voice,
    content: bytes,
    kind: type[Refused],
    word: str,
) -> None:
    """The person reads what it is, and what to do."""
    (tmp_path / "photo.jpg").write_bytes(content)
    refusal = await refused(opener, tmp_path / "photo.jpg", room, voice)
    assert (kind, True) == (type(refusal), word in str(refusal))


async def test_a_file_of_too_many_bytes_is_not_even_read(
    tmp_path: Path, room: Path, voice: Voice
) -> None:
    """The size is told in megabytes."""
    file = tmp_path / "huge"
    with file.open("wb") as opened:
        opened.truncate(3 << 20)
    refusal = await refused(Opener(Limits(bytes=1 << 20)), file, room, voice)
    expected = "This file has 3 MB, and I take up to 1 MB. Please send a part of it."
    assert expected == str(refusal)
