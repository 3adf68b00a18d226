"""A moving picture is unpacked into frames that ffmpeg reads."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from services.clips.frames_child import SHORTEST, _beat, _repeats, main, unpack
from services.clips.kinds import DAMAGED, LARGE, STILL
from tests.services.clips.films import moving


@pytest.mark.parametrize("name", ["a.webp", "a.png", "a.gif"])
def test_frames_come_in_three_planes(tmp_path: Path, name: str) -> None:
    """With their size and their pace, as ffmpeg expects it."""
    file = moving(tmp_path / name, [40] * 3, (10, 6))
    out = io.BytesIO()
    assert 0 == unpack(str(file), 9.0, out)
    head = b"YUV4MPEG2 W10 H6 F25:1 Ip A1:1 C444 XCOLORRANGE=FULL\n"
    assert out.getvalue().startswith(head + b"FRAME\n")
    assert len(head) + 3 * (6 + 3 * 60) == len(out.getvalue())


def test_what_cannot_be_unpacked_is_told_by_a_number(tmp_path: Path) -> None:
    """Nothing is written then."""
    out, text = io.BytesIO(), tmp_path / "a.txt"
    text.write_text("hello")
    assert STILL == unpack(str(moving(tmp_path / "a.png", [40])), 9.0, out)
    assert DAMAGED == unpack(str(text), 9.0, out)
    assert LARGE == unpack(str(moving(tmp_path / "a.gif", [40, 40], (4000, 4000))), 9.0, out)
    assert b"" == out.getvalue()


def test_the_program_says_how_it_went(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """By its code, whatever the library raises."""
    good, bad = moving(tmp_path / "a.webp", [40] * 3), tmp_path / "b.png"
    bad.write_bytes(_damaged())
    for file, expected in ((good, 0), (bad, DAMAGED), (tmp_path / "gone.png", DAMAGED)):
        assert expected == main(str(file), "9.0")
    assert capfdbinary.readouterr().out.startswith(b"YUV4MPEG2 W64 H48 F25:1 ")


@given(st.lists(st.integers(SHORTEST, 400), min_size=2, max_size=40))
def test_each_frame_begins_when_it_should(times: list[int]) -> None:
    """Within half a beat, however uneven they are; so it ends when it should."""
    beat, elapsed, written = _beat(times), 0, 0
    for one, over in zip(times, _repeats(times), strict=True):
        assert over >= 0
        assert abs(written * beat - elapsed) <= max(beat / 2 + 1, 2 * len(times))
        elapsed, written = elapsed + one, written + over


def _damaged() -> bytes:
    """A moving PNG whose pictures are nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    frame = struct.pack(">IIIIIHHBB", 0, 8, 8, 0, 0, 1, 10, 0, 0)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)),
        (b"acTL", struct.pack(">II", 2, 0)),
        (b"fcTL", frame),
        (b"IDAT", b"nothing"),
        (b"fcTL", b"\x00\x00\x00\x01" + frame[4:]),
        (b"fdAT", b"\x00\x00\x00\x02nothing"),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in parts)


def test_the_damaged_picture_of_these_tests_is_one_that_moves(tmp_path: Path) -> None:
    """Else it would be told for another reason."""
    (tmp_path / "a.png").write_bytes(_damaged())
    with Image.open(tmp_path / "a.png") as picture:
        assert 2 == getattr(picture, "n_frames", 1)
