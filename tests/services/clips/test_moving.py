"""Moving pictures run as films at the pace that they have."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PIL import Image

from services.clips.kinds import Form
from services.clips.moving import Still, Undrawn, filmed
from services.clips.probing import Facts, probe
from services.sound.ffmpeg import Ffmpeg, FfmpegFailed
from tests.services.clips.films import moving
from tests.services.ground import until
from tests.services.sound.recordings import alive, make, number, stub

PATIENCE = 30.0


async def facts(picture: Path, ffmpeg: Ffmpeg, seconds: float = 60.0) -> Facts:
    """What becomes of a moving picture."""
    into = picture.with_suffix(".mp4")
    await filmed(picture, into, seconds, ffmpeg, PATIENCE)
    return await probe(into, Form.MP4, ffmpeg, 100.0, PATIENCE)


@pytest.mark.parametrize(
    ("times", "frames", "seconds"),
    [
        ([41] * 24, 24, 0.984),  # what ComfyUI writes for 24 frames a second
        ([41, 42, 42] * 8, 24, 1.0),
        ([100, 300, 100, 500], 10, 1.0),
        ([50, 1000, 50], 22, 1.1),
        ([0, 0, 0], 3, 0.3),  # as browsers show it
    ],
)
async def test_each_frame_stays_as_long_as_it_should(
    room: Path, ffmpeg: Ffmpeg, times: list[int], frames: int, seconds: float
) -> None:
    """Uneven ones are shown more than once."""
    found = await facts(moving(room / "a.webp", times), ffmpeg)
    assert frames == found.frames
    assert found.seconds == pytest.approx(seconds, abs=0.03)


async def test_no_more_than_was_wanted_is_unpacked(room: Path, ffmpeg: Ffmpeg) -> None:
    """Nor is the last frame shown for an hour."""
    assert (await facts(moving(room / "a.webp", [100] * 30), ffmpeg, 1.0)).frames == 10
    found = await facts(moving(room / "b.png", [100, 60_000]), ffmpeg, 2.0)
    assert found.seconds == pytest.approx(2.0, abs=0.1)


async def test_colours_and_sheets_stay(room: Path, ffmpeg: Ffmpeg) -> None:
    """What can be seen through stands on white, and red is red."""
    clear = [Image.new("RGBA", (64, 64), (0, 0, 0, 0)) for _ in range(4)]
    for at, one in enumerate(clear):
        one.paste((220, 20, 20, 255), (0, 0, 32, 60 + at))
    clear[0].save(room / "a.webp", save_all=True, append_images=clear[1:], lossless=True)
    await filmed(room / "a.webp", room / "a.mp4", 9.0, ffmpeg, PATIENCE)
    make(room / "seen.png", "-i", str(room / "a.mp4"), "-frames:v", "1")
    with Image.open(room / "seen.png") as seen:
        for place, colour in (((8, 8), (220, 20, 20)), ((56, 8), (255, 255, 255))):
            found = seen.convert("RGB").getpixel(place)
            assert isinstance(found, tuple)
            assert all(abs(a - b) < 16 for a, b in zip(found, colour, strict=True))


async def test_what_does_not_move_is_no_film(room: Path, ffmpeg: Ffmpeg) -> None:
    """However it was written."""
    with pytest.raises(Still):
        await facts(moving(room / "a.webp", [100]), ffmpeg)


@pytest.mark.parametrize("name", ["a.webp", "a.png"])
async def test_what_is_damaged_is_told(room: Path, ffmpeg: Ffmpeg, name: str) -> None:
    """Half of it is no film."""
    file = moving(room / name, [100] * 9, (320, 240))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(Undrawn):
        await facts(file, ffmpeg)


async def test_what_would_fill_the_memory_is_not_unpacked(room: Path, ffmpeg: Ffmpeg) -> None:
    """A few bytes may claim any size."""
    with pytest.raises(Undrawn):
        await facts(moving(room / "a.gif", [100, 100], (5000, 5000)), ffmpeg)


async def test_a_trouble_of_ffmpeg_leaves_nobody_waiting(room: Path) -> None:
    """Neither the one who unpacks nor we."""
    failing = Ffmpeg(stub(room / "ffmpeg", "exit 9"))
    with pytest.raises(FfmpegFailed):
        await filmed(moving(room / "a.webp", [20] * 50, (400, 400)), room / "b", 9.0, failing, 30.0)


async def test_cancelling_ends_both(room: Path) -> None:
    """Nobody unpacks what nobody wants."""
    note = room / "pid"
    hanging = Ffmpeg(stub(room / "ffmpeg", f"echo $$ > {note}; exec sleep 600"))
    picture = moving(room / "a.webp", [20] * 50, (400, 400))
    work = asyncio.create_task(filmed(picture, room / "b", 9.0, hanging, 600.0), name="film")
    await until(lambda: number(note) > 0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not alive(number(note))
