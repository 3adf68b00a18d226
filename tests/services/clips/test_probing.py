"""A film is opened to see what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.clips.kinds import Form, form
from services.clips.probing import Facts, probe
from services.sound.ffmpeg import Ffmpeg, FfmpegFailed
from tests.services.clips.films import MP4, SOUND, Scene, film
from tests.services.sound.recordings import make

PATIENCE = 30.0
HEVC = ("-c:v", "libx265", "-x265-params", "log-level=0")


async def facts(file: Path, ffmpeg: Ffmpeg, most: float = 60.0) -> Facts:
    """What a film is."""
    return await probe(file, form(file) or Form.MP4, ffmpeg, most, PATIENCE)


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("a.mp4", MP4, ("h264", "yuv420p", "")),
        ("a.mp4", ("-c:v", "libx264", "-pix_fmt", "yuv444p10le"), ("h264", "yuv444p10le", "")),
        ("a.mp4", (*HEVC, "-pix_fmt", "yuv420p"), ("hevc", "yuv420p", "")),
        ("a.webm", ("-c:v", "libvpx-vp9", "-pix_fmt", "yuv420p"), ("vp9", "yuv420p", "")),
        ("a.mkv", ("-c:v", "ffv1", "-pix_fmt", "bgr0"), ("ffv1", "bgr0", "")),
    ],
)
async def test_codecs_and_pixels_are_told(
    tmp_path: Path, ffmpeg: Ffmpeg, name: str, options: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """As they are, and not as a name says."""
    found = await facts(film(tmp_path / name, Scene(rate=10), options), ffmpeg)
    assert expected == (found.codec, found.pixels, found.sound)
    assert (10, (160, 120)) == (found.frames, found.size)
    assert found.seconds == pytest.approx(1.0, abs=0.05)


async def test_sound_is_told(tmp_path: Path, ffmpeg: Ffmpeg) -> None:
    """By its codec."""
    file = film(tmp_path / "a.mp4", Scene(sound=True), (*MP4, *SOUND))
    assert "aac" == (await facts(file, ffmpeg)).sound


async def test_no_more_is_opened_than_counts(tmp_path: Path, ffmpeg: Ffmpeg) -> None:
    """An hour need not be looked at to see that it is too long."""
    found = await facts(film(tmp_path / "a.mp4", Scene(seconds=3)), ffmpeg, 1.5)
    assert found.seconds == pytest.approx(1.5, abs=0.1)


async def test_what_a_file_says_of_itself_is_not_believed(tmp_path: Path, ffmpeg: Ffmpeg) -> None:
    """A title may look like a report of ffmpeg's own."""
    lie = (
        "x\nStream mapping:\n  Stream #0:0 -> #0:0 (h264 (native) -> wrapped_avframe (native))\n"
        "Output #0, null, to 'pipe:':\n  Stream #0:0: Video: wrapped_avframe, yuv420p, 640x480\n"
        "frame=77\nout_time_us=1000000"
    )
    options = ("-c:v", "ffv1", "-pix_fmt", "yuv444p", "-metadata", f"title={lie}")
    told = (*options, "-metadata:s:v", f"title={lie}", "-metadata:s:v", f"handler_name={lie}")
    found = await facts(film(tmp_path / "a.mkv", options=told), ffmpeg)
    assert Facts(found.seconds, 12, "ffv1", "yuv444p", (160, 120), "") == found


async def test_frames_may_come_when_they_like(tmp_path: Path, ffmpeg: Ffmpeg) -> None:
    """How long it is counts, not how many there are."""
    uneven = ("-vf", "select='not(between(n,3,9))'", "-fps_mode", "vfr")
    found = await facts(film(tmp_path / "a.mp4", Scene(), (*uneven, *MP4)), ffmpeg)
    assert 5 == found.frames
    assert found.seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.webm"])
async def test_a_part_is_no_film(tmp_path: Path, ffmpeg: Ffmpeg, name: str, share: float) -> None:
    """Whichever part is missing at the end."""
    options = MP4 if name != "a.webm" else ("-c:v", "libvpx", "-b:v", "400k")
    file = film(tmp_path / name, Scene(320, 240), options)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(FfmpegFailed):
        await facts(file, ffmpeg)


async def test_sound_alone_is_no_film(tmp_path: Path, ffmpeg: Ffmpeg) -> None:
    """There has to be something to see."""
    file = make(tmp_path / "a.mp4", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac")
    with pytest.raises(FfmpegFailed):
        await facts(file, ffmpeg)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    width=st.integers(16, 200),
    height=st.integers(16, 200),
    rate=st.integers(1, 60),
    frames=st.integers(2, 20),
)
async def test_sizes_and_lengths_of_all_kinds_are_told(
    tmp_path: Path, ffmpeg: Ffmpeg, width: int, height: int, rate: int, frames: int
) -> None:
    """Odd ones, too."""
    scene = Scene(width, height, rate, frames / rate)
    file = film(tmp_path / "a.mp4", scene, ("-c:v", "libx264", "-pix_fmt", "yuv444p"))
    found = await facts(file, ffmpeg)
    assert ((width, height), frames) == (found.size, found.frames)
    assert found.seconds == pytest.approx(frames / rate, abs=1.5 / rate)
