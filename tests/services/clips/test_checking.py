"""Whatever a server wrote, what is sent plays everywhere, or it is told why nothing is sent."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.drawing import Clip
from domain.errors import BackendNonsense, TooBig, Unsupported
from services.clips.boxes import streams
from services.clips.checking import GRACE, LARGEST, MIME, Finisher, Wanted
from services.clips.kinds import Form
from services.clips.probing import Facts, probe
from services.sound.ffmpeg import Ffmpeg, find
from services.words import Voice
from tests.services.clips.films import MP4, SOUND, Scene, film, moving
from tests.services.sound.recordings import make, names, stub

FOUR = Wanted("Kiln", 4.0)
LATE = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


async def finished(file: Path, ffmpeg: Ffmpeg, voice: Voice, wanted: Wanted = FOUR) -> Facts:
    """The film as it is sent, which must be right whatever it was."""
    told = await Finisher(ffmpeg).finish(Clip(file, "video/x"), file.parent, wanted, voice)
    found = await probe(told.path, Form.MP4, ffmpeg, 100.0, 30.0)
    assert streams(told.path)
    assert ("h264", "yuv420p") == (found.codec, found.pixels)
    assert found.sound in {"", "aac", "mp3"}
    assert not any(side % 2 for side in found.size)
    assert Clip(told.path, MIME, found.seconds, *found.size) == told
    if wanted.seconds:
        assert found.seconds <= wanted.seconds + GRACE
    return found


async def nonsense(file: Path, ffmpeg: Ffmpeg, voice: Voice) -> str:
    """What is told of a film that is none."""
    with pytest.raises(BackendNonsense) as caught:
        await Finisher(ffmpeg).finish(Clip(file, "video/mp4"), file.parent, FOUR, voice)
    assert "Kiln" == caught.value.backend
    return caught.value.reason


async def test_what_is_right_is_moved_and_not_touched(
    room: Path, ffmpeg: Ffmpeg, voice: Voice
) -> None:
    """Not a byte of it."""
    file = film(room / "a.mp4", Scene(sound=True), (*MP4, *SOUND))
    before, node = file.read_bytes(), file.stat().st_ino
    await finished(file, ffmpeg, voice)
    after = room / "finished.mp4"
    assert (before, node) == (after.read_bytes(), after.stat().st_ino)
    assert ["finished.mp4"] == names(room)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov"])
async def test_the_right_pictures_in_another_box_stay_the_same(
    room: Path, ffmpeg: Ffmpeg, voice: Voice, name: str
) -> None:
    """They are not pressed once more, which would cost time and beauty."""
    file = film(room / name, Scene(sound=True), (*LATE, *SOUND))
    await finished(file, ffmpeg, voice)
    seen = [_pictures(one) for one in (file, room / "finished.mp4")]
    assert seen[0] == seen[1]


async def test_pictures_that_stay_the_same_are_opened_once(room: Path, voice: Voice) -> None:
    """In another box of the same kind they are what they were."""
    noted = f'case "$*" in *"-f null"*) echo >> {room}/opened;; esac\nexec {find()} "$@"'
    finisher = Finisher(Ffmpeg(stub(room / "ffmpeg", noted)))
    await finisher.finish(Clip(film(room / "a.mp4", options=LATE), MIME), room, FOUR, voice)
    assert "\n" == (room / "opened").read_text()
    assert streams(room / "finished.mp4")


@pytest.mark.parametrize("flags", ["+faststart+use_metadata_tags", "use_metadata_tags"])
async def test_how_it_was_made_is_not_sent_along(
    room: Path, ffmpeg: Ffmpeg, voice: Voice, flags: str
) -> None:
    """Generators write their whole graph into a film; its pictures stay the same."""
    graph = ("-metadata", 'prompt={"3": {"class_type": "KSampler"}}', "-movflags", flags)
    file = film(room / "a.mp4", options=(*LATE, *graph))
    before = _pictures(file)
    assert b"KSampler" in file.read_bytes()
    await finished(file, ffmpeg, voice)
    assert b"KSampler" not in (room / "finished.mp4").read_bytes()
    assert before == _pictures(room / "finished.mp4")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ten bits.mp4", ("-c:v", "libx264", "-pix_fmt", "yuv444p10le")),
        ("a.webm", ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-c:a", "libopus")),
        ("old.webm", ("-c:v", "libvpx", "-c:a", "libvorbis")),
        ("a.mkv", ("-c:v", "ffv1", "-c:a", "flac")),
        ("hevc.mp4", ("-c:v", "libx265", "-x265-params", "log-level=0")),
        ("a.avi", ("-c:v", "mpeg4", "-c:a", "libmp3lame")),
        ("a.mov", ("-c:v", "prores", "-c:a", "pcm_s16le")),
        ("uneven.mp4", ("-vf", "select='not(between(n,3,9))'", "-fps_mode", "vfr", *LATE)),
        ("opus.mp4", (*MP4, "-c:a", "libopus")),
    ],
)
async def test_what_does_not_play_everywhere_is_made_to(
    room: Path, ffmpeg: Ffmpeg, voice: Voice, name: str, options: tuple[str, ...]
) -> None:
    """With its sound, at its own pace and its own length."""
    file = film(room / name, Scene(sound=True), options)
    found = await finished(file, ffmpeg, voice)
    assert ((160, 120), True) == (found.size, bool(found.sound))
    assert found.seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("name", ["a.webp", "a.png", "a.gif", "a.avif"])
async def test_moving_pictures_become_films(
    room: Path, ffmpeg: Ffmpeg, voice: Voice, name: str
) -> None:
    """Some servers write nothing else."""
    found = await finished(moving(room / name, [100] * 10, (65, 49)), ffmpeg, voice)
    assert ((64, 48), 10) == (found.size, found.frames)
    assert found.seconds == pytest.approx(1.0, abs=0.1)


async def test_odd_sizes_become_even(room: Path, ffmpeg: Ffmpeg, voice: Voice) -> None:
    """By a line less, not by stretching."""
    odd = film(room / "a.mp4", Scene(853, 481), ("-c:v", "libx264", "-pix_fmt", "yuv444p"))
    assert (852, 480) == (await finished(odd, ffmpeg, voice)).size


async def test_what_is_too_large_for_a_telephone_becomes_smaller(
    room: Path, ffmpeg: Ffmpeg, voice: Voice
) -> None:
    """Its shape stays."""
    found = await finished(film(room / "a.mp4", Scene(1000, 2500, 5)), ffmpeg, voice)
    assert (768, 1920) == found.size


async def test_a_large_film_fits_the_memory(room: Path, ffmpeg: Ffmpeg, voice: Voice) -> None:
    """It is not made smaller than it has to be."""
    options = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p")
    large = film(room / "a.mp4", Scene(1920, 1080, 24, 2.0), options)
    assert (1920, 1080) == (await finished(large, ffmpeg, voice)).size


async def test_what_is_too_long_is_cut(room: Path, ffmpeg: Ffmpeg, voice: Voice) -> None:
    """What comes after was not asked for; a frame over it is let be."""
    long = film(room / "a.mp4", Scene(seconds=6, sound=True), (*MP4, *SOUND))
    assert (await finished(long, ffmpeg, voice)).seconds == pytest.approx(4.0, abs=0.1)
    little = film(room / "b.mp4", Scene(rate=24, seconds=97 / 24))
    assert 97 == (await finished(little, ffmpeg, voice)).frames


async def test_without_a_wish_the_program_sets_the_limit(
    room: Path, ffmpeg: Ffmpeg, voice: Voice
) -> None:
    """An endless film is not sent whole."""
    finisher = Finisher(ffmpeg, longest=2.0)
    file = film(room / "a.mp4", Scene(seconds=5))
    told = await finisher.finish(Clip(file, MIME), room, Wanted("Kiln"), voice)
    assert told.seconds == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("most", [300_000, 110_000])
async def test_what_has_too_many_bytes_gets_fewer(
    room: Path, ffmpeg: Ffmpeg, voice: Voice, most: int
) -> None:
    """In one try or in two."""
    file = film(room / "a.mp4", Scene(320, 240, noise=True))
    assert file.stat().st_size > 300_000
    told = await Finisher(ffmpeg, most).finish(Clip(file, MIME), room, FOUR, voice)
    assert told.path.stat().st_size <= most
    assert told.seconds == pytest.approx(1.0, abs=0.1)


async def test_what_cannot_be_made_small_enough_is_told(
    room: Path, ffmpeg: Ffmpeg, voice: Voice
) -> None:
    """After two tries, in words that help."""
    file = film(room / "a.mp4", Scene(320, 240, noise=True))
    with pytest.raises(TooBig, match=r"too large to be sent\. Please ask for a shorter"):
        await Finisher(ffmpeg, 1500).finish(Clip(file, MIME), room, FOUR, voice)
    assert ["a.mp4"] == names(room)


async def test_seventy_megabytes_are_made_small(room: Path, ffmpeg: Ffmpeg, voice: Voice) -> None:
    """Telegram takes fifty."""
    file = film(room / "a.mp4", Scene(noise=True))
    with file.open("ab") as opened:  # a box that means nothing
        opened.write((70 << 20).to_bytes(4, "big") + b"free")
        opened.truncate(file.stat().st_size + (70 << 20))
    await finished(file, ffmpeg, voice)
    assert (room / "finished.mp4").stat().st_size < 10 << 20


async def test_what_is_no_film_is_the_servers_fault(
    room: Path, ffmpeg: Ffmpeg, voice: Voice
) -> None:
    """It is told by its shape, never by its content."""
    bad = room / "a.mp4"
    assert "no film, where one was promised" == await nonsense(bad, ffmpeg, voice)
    bad.write_bytes(b"")
    assert "an empty file in the place of a film" == await nonsense(bad, ffmpeg, voice)
    bad.write_bytes(b"secret words")
    assert "12 bytes that are no film" == await nonsense(bad, ffmpeg, voice)
    bad.write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(5000))
    assert "a damaged film" == await nonsense(bad, ffmpeg, voice)
    with bad.open("ab") as opened:
        opened.truncate(LARGEST + 1)
    assert "a film of 512 MB" == await nonsense(bad, ffmpeg, voice)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.gif", "a.mp4"])
async def test_a_still_picture_is_no_film(
    room: Path, ffmpeg: Ffmpeg, voice: Voice, name: str
) -> None:
    """In whatever it comes."""
    file = (
        make(room / name, *Scene().inputs(), "-frames:v", "1", "-update", "1")
        if (name != "a.mp4")
        else film(room / name, Scene(), ("-frames:v", "1", *MP4))
    )
    assert "a still picture in the place of a film" == await nonsense(file, ffmpeg, voice)


async def test_a_film_that_nobody_can_see_is_none(room: Path, ffmpeg: Ffmpeg, voice: Voice) -> None:
    """A graph of a wrong size makes such."""
    assert "a film of 8x120" == await nonsense(film(room / "a.mp4", Scene(8)), ffmpeg, voice)


@pytest.mark.parametrize("name", ["a.webp", "a.gif", "a.png"])
async def test_a_damaged_moving_picture_is_the_servers_fault(
    room: Path, ffmpeg: Ffmpeg, voice: Voice, name: str
) -> None:
    """As is a film."""
    file = moving(room / name, [100] * 20)
    file.write_bytes(file.read_bytes()[:200])
    assert await nonsense(file, ffmpeg, voice) in {
        "a damaged moving picture",
        "a still picture in the place of a film",
    }


async def test_a_film_that_hangs_is_the_servers_fault(room: Path, voice: Voice) -> None:
    """It is not waited for any longer."""
    hanging = Ffmpeg(stub(room / "ffmpeg", "exec sleep 600"))
    file = film(room / "a.mp4")
    finisher = Finisher(hanging, deadline=0.5)
    with pytest.raises(BackendNonsense, match="takes too long to open"):
        await finisher.finish(Clip(file, MIME), room, FOUR, voice)
    for one in ("a.mp4", "b.webp"):
        moved = file if one == "a.mp4" else moving(room / one, [100] * 5)
        with pytest.raises(BackendNonsense, match="takes too long to open"):
            await finisher.finish(Clip(moved, MIME), room, FOUR, voice)


async def test_what_takes_too_long_to_make_is_told(room: Path, voice: Voice) -> None:
    """It opens, but cannot be written in time."""
    slow = f'case "$*" in *libx264*) exec sleep 600;; esac\nexec {find()} "$@"'
    finisher = Finisher(Ffmpeg(stub(room / "ffmpeg", slow)), deadline=5.0)
    file = film(room / "a.mp4", options=("-c:v", "libx264", "-pix_fmt", "yuv444p"))
    with pytest.raises(TooBig, match="takes too long to prepare"):
        await finisher.finish(Clip(file, MIME), room, FOUR, voice)


@pytest.mark.parametrize("name", ["a.mp4", "b.webp"])
async def test_a_missing_ffmpeg_is_not_the_servers_fault(
    room: Path, voice: Voice, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """The person is asked to wait, and the operator reads what to run."""
    file = film(room / name) if name == "a.mp4" else moving(room / name, [100] * 5)
    with caplog.at_level(logging.ERROR), pytest.raises(Unsupported, match="at the moment"):
        await Finisher(Ffmpeg(room / "gone")).finish(Clip(file, MIME), room, FOUR, voice)
    assert "make install" in caplog.text


async def test_what_no_other_box_takes_is_made_anew(room: Path, voice: Voice) -> None:
    """Some pictures lack what an MP4 has to say of them."""
    fails = f'case "$*" in *"-c copy"*) exit 1;; esac\nexec {find()} "$@"'
    file = film(room / "a.mkv", options=LATE)
    await finished(file, Ffmpeg(stub(room / "ffmpeg", fails)), voice)


async def test_an_ffmpeg_that_goes_missing_meanwhile_is_told(room: Path, voice: Voice) -> None:
    """Somebody installs another one just then."""
    leaving = f'case "$*" in *"-f null"*) rm "$0";; esac\nexec {find()} "$@"'
    file = film(room / "a.mkv", options=LATE)
    with pytest.raises(Unsupported, match="at the moment"):
        await finished(file, Ffmpeg(stub(room / "ffmpeg", leaving)), voice)


async def test_a_full_disk_is_told(room: Path, voice: Voice) -> None:
    """It opens, but cannot be written at all."""
    full = 'case "$*" in *libx264*) echo "No space left on device" >&2; exit 228;; esac'
    finisher = Finisher(Ffmpeg(stub(room / "ffmpeg", f'{full}\nexec {find()} "$@"')))
    file = film(room / "a.mp4", options=("-c:v", "libx264", "-pix_fmt", "yuv444p"))
    with pytest.raises(Unsupported, match="at the moment"):
        await finisher.finish(Clip(file, MIME), room, FOUR, voice)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    scene=st.builds(
        lambda width, height, rate, frames, sound: Scene(width, height, rate, frames / rate, sound),
        st.integers(16, 120),
        st.integers(16, 120),
        st.integers(2, 90),
        st.integers(2, 24),
        st.booleans(),
    )
)
async def test_every_film_comes_out_right(
    room: Path, ffmpeg: Ffmpeg, voice: Voice, scene: Scene
) -> None:
    """Of whatever size, pace and length it was."""
    options = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p", *SOUND)
    found = await finished(film(room / "a.mp4", scene, options), ffmpeg, voice)
    assert (scene.width // 2 * 2, scene.height // 2 * 2) == found.size
    assert scene.sound == bool(found.sound)


def _pictures(file: Path) -> bytes:
    """The packed pictures of a film, by their check sums."""
    target = file.with_suffix(".sums")
    make(target, "-i", str(file), "-map", "0:v", "-c", "copy", "-f", "streamhash")
    return target.read_bytes()
