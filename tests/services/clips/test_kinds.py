"""A film is what its bytes say."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.clips.boxes import streams
from services.clips.kinds import Form, form
from tests.services.clips.films import MP4, Scene, film, moving

PLAIN = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.mp4", Form.MP4), ("a.mov", Form.MP4), ("a.mkv", Form.MATROSKA), ("a.avi", Form.AVI)],
)
def test_films_are_told_by_their_beginning(tmp_path: Path, name: str, expected: Form) -> None:
    """Whatever they are called."""
    assert expected is form(film(tmp_path / name, options=PLAIN).rename(tmp_path / "x.txt"))


@pytest.mark.parametrize("name", ["a.webp", "a.png", "a.gif", "a.avif"])
def test_moving_pictures_are_pictures(tmp_path: Path, name: str) -> None:
    """What moves in them is not for ffmpeg alone."""
    assert Form.DRAWN is form(moving(tmp_path / name, (100, 100)))


@pytest.mark.parametrize("head", [b"", b"hello world", b"RIFF\x00\x00\x00\x00WAVE", b"ID3\x04"])
def test_anything_else_is_nothing(tmp_path: Path, head: bytes) -> None:
    """Neither film nor picture."""
    file = tmp_path / "a.mp4"
    file.write_bytes(head)
    assert form(file) is None


def test_only_an_index_in_front_lets_a_film_begin_at_once(tmp_path: Path) -> None:
    """It is written last unless it is told otherwise; pieces and QuickTime are not plain."""
    pieces = (*PLAIN, "-movflags", "frag_keyframe+empty_moov")
    assert streams(film(tmp_path / "right.mp4", options=MP4))
    assert not streams(film(tmp_path / "last.mp4", options=PLAIN))
    assert not streams(film(tmp_path / "pieces.mp4", Scene(), pieces))
    assert not streams(film(tmp_path / "quick.mov", options=MP4))


@pytest.mark.parametrize(
    "bytes_", [b"", b"\x00\x00\x00\x08ftyp", b"\x00\x00\x00\x00mdat", b"\x00\x00\x00\x01ftyp"]
)
def test_boxes_without_sense_do_not_stream(tmp_path: Path, bytes_: bytes) -> None:
    """And are read to no end that is not there."""
    file = tmp_path / "a.mp4"
    file.write_bytes(bytes_)
    assert not streams(file)
