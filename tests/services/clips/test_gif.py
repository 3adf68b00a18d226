"""A GIF is made when it is wanted, once, and no larger than it may be."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PIL import Image

from domain.errors import Broken, TooBig, Unsupported
from domain.messages import Attachment, Kind
from services.clips.gif import STEPS, GifMaker
from services.files import Shelf
from services.sound.ffmpeg import Ffmpeg, find
from services.words import Voice
from tests.services.clips.films import Scene, film
from tests.services.ground import until
from tests.services.sound.recordings import names, number, stub


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf with nothing on it."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return Shelf(folder)


def counting(room: Path) -> Ffmpeg:
    """The real one, which notes each start."""
    return Ffmpeg(stub(room / "ffmpeg", f'echo 1 >> {room}/starts\nexec {find()} "$@"'))


def starts(room: Path) -> int:
    """How often it was started."""
    return len((room / "starts").read_text().splitlines())


def seen(file: Path) -> tuple[tuple[int, int], float, int]:
    """The size of a GIF, its seconds, and how often it runs: 0 is for ever."""
    with Image.open(file) as gif:
        assert "GIF" == gif.format
        frames, seconds = getattr(gif, "n_frames", 1), 0.0
        for at in range(frames):
            gif.seek(at)
            seconds += gif.info["duration"] / 1000
        return gif.size, seconds, gif.info["loop"]


async def test_a_film_becomes_a_gif(ffmpeg: Ffmpeg, shelf: Shelf, room: Path, voice: Voice) -> None:
    """As a file, since Telegram makes films of GIFs; it runs for ever."""
    ref = shelf.put(film(room / "a.mp4", Scene(640, 360, 24)), ".mp4")
    made = await GifMaker(ffmpeg, shelf).gif(ref, room, voice)
    file = shelf.path(made.ref)
    size = file.stat().st_size
    assert Attachment(Kind.DOCUMENT, made.ref, "image/gif", size, name="animation.gif") == made
    pixels, seconds, loop = seen(file)
    assert ((480, 270), 0) == (pixels, loop)
    assert seconds == pytest.approx(1.0, abs=0.1)
    assert {ref, made.ref} == set(names(shelf.folder))
    assert [] == names(room)


async def test_a_small_film_is_not_made_larger(
    ffmpeg: Ffmpeg, shelf: Shelf, room: Path, voice: Voice
) -> None:
    """There is nothing more to see."""
    ref = shelf.put(film(room / "a.mp4"), ".mp4")
    made = await GifMaker(ffmpeg, shelf).gif(ref, room, voice)
    assert (160, 120) == seen(shelf.path(made.ref))[0]


async def test_what_was_made_is_found_again(shelf: Shelf, room: Path, voice: Voice) -> None:
    """By another maker, too, as after a restart; and it counts as new, lest it be tidied away."""
    ref, ffmpeg = shelf.put(film(room / "a.mp4"), ".mp4"), counting(room)
    made = await GifMaker(ffmpeg, shelf).gif(ref, room, voice)
    before = shelf.path(made.ref).stat().st_mtime
    assert made == await GifMaker(ffmpeg, shelf).gif(ref, room, voice)
    assert 1 == starts(room)
    assert before < shelf.path(made.ref).stat().st_mtime


async def test_two_who_want_one_at_the_same_time_get_the_same(
    shelf: Shelf, room: Path, tmp_path: Path, voice: Voice
) -> None:
    """It is made once; nothing is kept of them afterwards."""
    ref, maker = shelf.put(film(room / "a.mp4"), ".mp4"), GifMaker(counting(room), shelf)
    other = tmp_path / "other"
    other.mkdir()
    both = await asyncio.gather(maker.gif(ref, room, voice), maker.gif(ref, other, voice))
    assert both[0] == both[1]
    assert 1 == starts(room)
    assert ({}, {}) == (maker._turns, maker._wanted)


async def test_who_gives_up_does_not_take_it_from_the_other(
    shelf: Shelf, room: Path, tmp_path: Path, voice: Voice
) -> None:
    """The next one makes it."""
    note, other = room / "pid", tmp_path / "other"
    other.mkdir()
    first = f'[ -e {note} ] && exec {find()} "$@"\necho $$ > {note}; exec sleep 600'
    maker = GifMaker(Ffmpeg(stub(room / "ffmpeg", first)), shelf)
    ref = shelf.put(film(room / "a.mp4"), ".mp4")
    leaving = asyncio.create_task(maker.gif(ref, room, voice), name="leaving")
    await until(lambda: number(note) > 0)
    staying = asyncio.create_task(maker.gif(ref, other, voice), name="staying")
    await until(lambda: maker._wanted[ref] == 2)
    leaving.cancel()
    made = await staying
    assert shelf.path(made.ref).exists()
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_a_large_gif_is_made_smaller_without_trying_every_step(
    shelf: Shelf, room: Path, voice: Voice
) -> None:
    """How large it came out tells how far to go."""
    scene = Scene(480, 360, 24, noise=True)
    ref, ffmpeg = shelf.put(film(room / "a.mp4", scene), ".mp4"), counting(room)
    made = await GifMaker(ffmpeg, shelf, wished=200_000).gif(ref, room, voice)
    assert made.size <= 200_000
    assert 2 <= starts(room) < len(STEPS)
    assert seen(shelf.path(made.ref))[1] == pytest.approx(1.0, abs=0.25)


async def test_the_smallest_is_taken_though_it_is_larger_than_wished(
    ffmpeg: Ffmpeg, shelf: Shelf, room: Path, voice: Voice
) -> None:
    """As long as Telegram takes it; else it is told."""
    ref = shelf.put(film(room / "a.mp4"), ".mp4")
    with pytest.raises(TooBig, match="too large"):
        await GifMaker(ffmpeg, shelf, wished=10, most=1000).gif(ref, room, voice)
    assert [ref] == names(shelf.folder)
    made = await GifMaker(ffmpeg, shelf, wished=10).gif(ref, room, voice)
    assert (160, 120) == seen(shelf.path(made.ref))[0]


async def test_troubles_are_told_in_words_that_help(shelf: Shelf, room: Path, voice: Voice) -> None:
    """The film is still there, or has to be made anew."""
    ref = shelf.put(film(room / "a.mp4"), ".mp4")
    hanging, failing = stub(room / "hanging", "exec sleep 600"), stub(room / "failing", "exit 1")
    troubles = (
        (GifMaker(Ffmpeg(hanging), shelf, deadline=0.3), TooBig, "too long"),
        (GifMaker(Ffmpeg(failing), shelf), Broken, "take the video"),
        (GifMaker(Ffmpeg(room / "gone"), shelf), Unsupported, "at the moment"),
    )
    for maker, kind, words in troubles:
        with pytest.raises(kind, match=words):
            await maker.gif(ref, room, voice)
    with pytest.raises(Broken, match="no longer kept"):
        await GifMaker(Ffmpeg(), shelf).gif("gone.mp4", room, voice)
    with pytest.raises(ValueError, match="must not be a path"):
        await GifMaker(Ffmpeg(), shelf).gif("../a.mp4", room, voice)
