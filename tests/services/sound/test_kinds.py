"""A file is what its bytes say."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sound.kinds import AAC, FLAC, MP3, MP4, WAV, Kind, kind


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"ID3\x04\0\0\0\0\0\x05" + b"cover" + b"fLaC", FLAC),
        (b"ID3\x04\0\0\0\0\0\x05" + b"cover" + b"\xff\xf1\x50\x80", AAC),
        (b"ID3\x04\0\0\0\0\0\x05" + b"cover" + b"\xff\xfb\x90\x64", MP3),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"no such length", MP3),
        (b"ID3\x04\0\0\xff\xff\xff\xff" + b"no length", MP3),
        (b"ID3", MP3),
        (b"\xff\xfb\x90\x64", MP3),
        (b"\xff\xf1\x50\x80", AAC),
        (b"\0\0\0\x20ftypM4A ", MP4),
        (b"RF64\xff\xff\xff\xffWAVE", WAV),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"\xff\xd8\xff\xe0 a photo", None),
        (b"\xff\xfe<\0h\0t\0m\0l\0", None),
        (b"%PDF-1.7", None),
        (b"\x89PNG\r\n", None),
        (b"<!DOCTYPE html>", None),
        (b"PK\x03\x04", None),
        (b"#EXTM3U", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell(start: bytes, expected: Kind | None) -> None:
    """Tags at the beginning are stepped over."""
    assert expected == kind(io.BytesIO(start))


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange(start: bytes) -> None:
    """There is always an answer, with a tag before it or without."""
    for data in (start, b"ID3" + start):
        found = kind(io.BytesIO(data))
        assert found is None or found.reader
