"""What a server drew is sent as it is, without what it wrote beside it, or not at all."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from domain.errors import BackendNonsense, Broken, TooBig, Unsupported
from domain.messages import Attachment, Kind
from services.clips.pictures import Sendable, sendable, start_picture
from services.opening.limits import Limits
from services.opening.opener import Opener
from services.words import Voice
from tests.services.clips.films import moving

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORIENTATION, MAKER = 0x0112, 0x010F


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opener() -> AsyncIterator[Opener]:
    """The real one; its child serves all tests of this module."""
    one = Opener(slots=1)
    try:
        yield one
    finally:
        await one.aclose()


def noise(width: int, height: int) -> Image.Image:
    """A picture that cannot be pressed together."""
    return Image.frombytes("RGB", (width, height), random.Random(5).randbytes(width * height * 3))


def pixels(file: Path) -> bytes:
    """What is to be seen."""
    with Image.open(file) as picture:
        return picture.convert("RGBA").tobytes()


async def drawn(opener: Opener, file: Path, room: Path) -> Sendable:
    """A picture of the server Kiln, as it is sent."""
    found = await sendable(opener, file, room, "Kiln")
    assert found.picture.path.parent == room
    assert found.size == found.picture.path.stat().st_size
    with Image.open(found.picture.path) as picture:
        assert (found.picture.width, found.picture.height) == picture.size
        assert found.picture.mime == Image.MIME[picture.format or ""]
    return found


async def nonsense(opener: Opener, file: Path, room: Path) -> str:
    """What is told of a picture that is none."""
    with pytest.raises(BackendNonsense) as caught:
        await sendable(opener, file, room, "Kiln")
    assert "Kiln" == caught.value.backend
    return caught.value.reason


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
async def test_a_png_stays_as_it_is_but_for_what_is_written_in_it(
    opener: Opener, tmp_path: Path, room: Path, mode: str
) -> None:
    """Generators write the whole graph into it, and a picture of 16 MB would take long to press."""
    written = PngInfo()
    written.add_text("prompt", "secret graph")
    written.add_itxt("workflow", "secret graph")
    noise(64, 48).convert(mode).save(tmp_path / "a.png", pnginfo=written, icc_profile=b"colours")
    found = await drawn(opener, tmp_path / "a.png", room)
    assert (Kind.PHOTO, "image/png") == (found.kind, found.picture.mime)
    assert pixels(tmp_path / "a.png") == pixels(found.picture.path)
    assert b"secret" not in found.picture.path.read_bytes()
    with Image.open(found.picture.path) as picture:
        assert b"colours" == picture.info["icc_profile"]


async def test_a_jpeg_stays_as_it_is_but_for_what_is_written_in_it(
    opener: Opener, tmp_path: Path, room: Path
) -> None:
    """It is not pressed once more."""
    exif = Image.Exif()
    exif[MAKER] = "secret maker"
    noise(64, 48).save(tmp_path / "a.jpg", exif=exif, comment=b"secret graph")
    found = await drawn(opener, tmp_path / "a.jpg", room)
    assert (Kind.PHOTO, "image/jpeg") == (found.kind, found.picture.mime)
    assert pixels(tmp_path / "a.jpg") == pixels(found.picture.path)
    assert b"secret" not in found.picture.path.read_bytes()


async def test_a_picture_that_lies_is_put_upright(
    opener: Opener, tmp_path: Path, room: Path
) -> None:
    """With what is written beside it goes how it has to be turned."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    noise(64, 48).save(tmp_path / "a.jpg", exif=exif)
    found = await drawn(opener, tmp_path / "a.jpg", room)
    assert (48, 64) == (found.picture.width, found.picture.height)


@pytest.mark.parametrize("name", ["a.webp", "a.bmp", "a.tiff", "a.avif", "a.gif"])
async def test_other_kinds_become_png(
    opener: Opener, tmp_path: Path, room: Path, name: str
) -> None:
    """Whatever they are called, and whether they move or not."""
    noise(64, 48).save(tmp_path / name)
    found = await drawn(opener, (tmp_path / name).rename(tmp_path / "x.png"), room)
    assert (Kind.PHOTO, "image/png") == (found.kind, found.picture.mime)
    assert pixels(tmp_path / "x.png") == pixels(found.picture.path)


@pytest.mark.parametrize("name", ["a.webp", "a.png"])
async def test_of_a_moving_picture_the_first_is_taken(
    opener: Opener, tmp_path: Path, room: Path, name: str
) -> None:
    """A picture was wanted."""
    found = await drawn(opener, moving(tmp_path / name, [100] * 5), room)
    with Image.open(found.picture.path) as picture:
        assert 1 == getattr(picture, "n_frames", 1)
        assert (0, 0, 0) == picture.convert("RGB").getpixel((40, 40))


@pytest.mark.parametrize("form", ["CMYK", "I;16"])
async def test_unusual_colours_become_usual(
    opener: Opener, tmp_path: Path, room: Path, form: str
) -> None:
    """Nobody would see them otherwise."""
    file = tmp_path / ("a.jpg" if form == "CMYK" else "a.png")
    noise(64, 48).convert("L" if form != "CMYK" else form).convert(form).save(file)
    found = await drawn(opener, file, room)
    with Image.open(found.picture.path) as picture:
        assert picture.mode in {"RGB", "L"}


@pytest.mark.parametrize(
    ("size", "kind"),
    [
        ((1000, 50), Kind.PHOTO),
        ((1000, 49), Kind.DOCUMENT),
        ((9000, 1000), Kind.PHOTO),
        ((9001, 1000), Kind.DOCUMENT),
    ],
)
async def test_what_telegram_takes_as_no_photo_is_a_document(
    opener: Opener, tmp_path: Path, room: Path, size: tuple[int, int], kind: Kind
) -> None:
    """Too long, or too large."""
    Image.new("RGB", size).save(tmp_path / "a.png")
    assert kind is (await drawn(opener, tmp_path / "a.png", room)).kind


async def test_too_many_bytes_for_a_photo_are_a_document(
    opener: Opener, tmp_path: Path, room: Path
) -> None:
    """Not a pixel of it is lost."""
    noise(2000, 1800).save(tmp_path / "a.png", compress_level=0)
    found = await drawn(opener, tmp_path / "a.png", room)
    assert Kind.DOCUMENT is found.kind
    expected = Attachment(Kind.DOCUMENT, "ref.png", "image/png", found.size, name="picture.png")
    assert expected == found.attachment("ref.png", "picture.png")


async def test_too_many_bytes_for_telegram_become_fewer(
    opener: Opener, tmp_path: Path, room: Path
) -> None:
    """A JPEG then, and a smaller one if it has to be."""
    noise(400, 300).save(tmp_path / "a.png")
    for most, size in ((200_000, (400, 300)), (20_000, (100, 75))):
        made = await opener.made(tmp_path / "a.png", room, most)
        assert "image/jpeg" == made.picture.mime
        assert size == (made.picture.width, made.picture.height)
        assert made.picture.path.stat().st_size <= most


async def test_what_can_be_seen_through_is_a_document(
    opener: Opener, tmp_path: Path, room: Path
) -> None:
    """A photo would be black there."""
    Image.new("RGBA", (64, 48), (220, 20, 20, 99)).save(tmp_path / "a.png")
    assert Kind.DOCUMENT is (await drawn(opener, tmp_path / "a.png", room)).kind


async def test_what_is_no_picture_is_the_servers_fault(
    opener: Opener, tmp_path: Path, room: Path
) -> None:
    """It is told by its shape, never by its content."""
    bad = tmp_path / "a.png"
    assert "no picture, where one was promised" == await nonsense(opener, bad, room)
    bad.write_bytes(b"")
    assert "an empty file in the place of a picture" == await nonsense(opener, bad, room)
    bad.write_bytes(b"secret words")
    assert "bytes that are no picture" == await nonsense(opener, bad, room)
    bad.write_bytes(b"\x89PNG\r\n\x1a\nsecret words")
    assert "a damaged picture" == await nonsense(opener, bad, room)
    noise(200, 200).save(bad)
    bad.write_bytes(bad.read_bytes()[:50_000])
    assert "a damaged picture" == await nonsense(opener, bad, room)


async def test_too_large_pictures_are_the_servers_fault(tmp_path: Path, room: Path) -> None:
    """A few bytes may claim any number of pixels."""
    opener = Opener(Limits(pixels=1000, bytes=10_000), slots=1)
    try:
        Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
        assert "a picture of too many pixels" == await nonsense(opener, tmp_path / "a.png", room)
        noise(100, 100).save(tmp_path / "b.png")
        assert "a picture of too many bytes" == await nonsense(opener, tmp_path / "b.png", room)
    finally:
        await opener.aclose()


async def test_a_photo_to_begin_from_is_upright_small_and_told_of_nothing(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """Larger than for a model that looks, for it is to be seen again."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "secret maker"
    Image.new("RGB", (4096, 1024), (220, 20, 20)).save(tmp_path / "a.jpg", exif=exif)
    file = await start_picture(opener, tmp_path / "a.jpg", room, voice)
    assert b"secret" not in file.read_bytes()
    with Image.open(file) as picture:
        assert ("JPEG", (512, 2048)) == (picture.format, picture.size)


async def test_a_photo_that_is_none_is_told_to_who_sent_it(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """In words that help."""
    for content, kind in ((b"", Broken), (b"hello", Unsupported), (b"\xff\xd8\xff", Broken)):
        (tmp_path / "a.jpg").write_bytes(content)
        with pytest.raises(kind):
            await start_picture(opener, tmp_path / "a.jpg", room, voice)
    small = Opener(Limits(pixels=1000), slots=1)
    try:
        Image.new("RGB", (400, 300)).save(tmp_path / "a.jpg")
        with pytest.raises(TooBig, match="megapixels"):
            await start_picture(small, tmp_path / "a.jpg", room, voice)
    finally:
        await small.aclose()
