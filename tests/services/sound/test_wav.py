"""WAV files are read by what is in them."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sound.wav import Coded, Layout, Misshapen, layout, opened
from tests.services.sound.recordings import samples, wav


def built(*chunks: tuple[bytes, bytes], claimed: int | None = None) -> io.BytesIO:
    """A WAV file of these chunks; the last one may claim another length than it has."""
    parts = [
        name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        for name, body in chunks
    ]
    if claimed is not None:
        name, body = chunks[-1]
        parts[-1] = name + struct.pack("<I", claimed) + body
    return io.BytesIO(b"RIFF\xff\xff\xff\xffWAVE" + b"".join(parts))


def form(code: int = 1, channels: int = 1, rate: int = 16_000, bits: int = 16) -> bytes:
    """What the samples are."""
    frame = channels * bits // 8
    return struct.pack("<HHIIHH", code, channels, rate, min(rate * frame, 0xFFFFFFFF), frame, bits)


@pytest.mark.parametrize("claimed", [None, 0, 0xFFFF_FFFF, 0x7FFF_FFFF, 101])
def test_a_length_that_cannot_be_is_what_is_there(claimed: int | None) -> None:
    """Streaming servers do not know it when they write it."""
    file = built((b"fmt ", form()), (b"data", bytes(100)), claimed=claimed)
    assert Layout(1, 16_000, 2, 44, 50) == layout(file)


def test_what_follows_the_samples_is_none() -> None:
    """A length that can be is believed."""
    assert (
        50 == layout(built((b"fmt ", form()), (b"data", bytes(100)), (b"LIST", bytes(30)))).frames
    )


def test_other_chunks_may_come_first() -> None:
    """Also those of an odd length."""
    file = built((b"LIST", bytes(7)), (b"fmt ", form()), (b"fact", bytes(4)), (b"data", bytes(8)))
    assert 4 == layout(file).frames


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (io.BytesIO(b""), "does not begin"),
        (io.BytesIO(b"<html>" * 10), "does not begin"),
        (io.BytesIO(b"RIFF\0\0\0\0WAVE"), "no samples"),
        (built((b"data", bytes(8))), "does not say"),
        (built((b"fmt ", bytes(4)), (b"data", bytes(8))), "does not say"),
        (built((b"fmt ", form(channels=0)), (b"data", bytes(8))), "0 channels"),
        (built((b"fmt ", form(channels=99)), (b"data", bytes(8))), "99 channels"),
        (built((b"fmt ", form(rate=1)), (b"data", bytes(8))), "1 samples a second"),
        (built((b"fmt ", form(rate=4_000_000_000)), (b"data", bytes(8))), "samples a second"),
        (built((b"LIST", bytes(8)), claimed=0xFFFF_FFF0), "no samples"),
        (built(*[(b"LIST", b"")] * 99, (b"fmt ", form()), (b"data", bytes(8))), "no samples"),
    ],
)
def test_a_header_without_sense_is_named(file: io.BytesIO, expected: str) -> None:
    """By its shape, for the operator."""
    with pytest.raises(Misshapen, match=expected):
        layout(file)


@pytest.mark.parametrize("strange", [form(code=3, bits=32), form(code=6, bits=8), form(bits=24)])
def test_samples_that_are_no_plain_numbers_are_told_apart(strange: bytes) -> None:
    """They want ffmpeg."""
    with pytest.raises(Coded):
        layout(built((b"fmt ", strange), (b"data", bytes(8))))


def test_the_longer_form_of_plain_numbers_is_known() -> None:
    """Many programs write it for two channels."""
    longer = form(code=0xFFFE, channels=2) + struct.pack("<HHIH", 22, 16, 3, 1) + bytes(14)
    assert 2 == layout(built((b"fmt ", longer), (b"data", bytes(8)))).frames


@given(st.binary(max_size=300))
def test_no_header_is_too_strange(rest: bytes) -> None:
    """It is read or refused, and never claims more than there is."""
    for start in (b"", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + form() + b"data"):
        try:
            found = layout(io.BytesIO(start + rest))
        except (Misshapen, Coded):
            continue
        assert found.start + found.frames * found.frame <= len(start + rest)


def test_windows_are_read_where_they_are(tmp_path: Path) -> None:
    """The windows together are the whole, in order."""
    data = samples(0.1)
    with opened(wav(tmp_path / "a.wav", data)) as file:
        assert data == b"".join(file.windows(0, file.layout.frames, 333))
        assert data[20:40] == file.read(10, 20)
