"""Sound that servers send: what is sound at all, and WAV with wrong lengths."""

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BackendNonsense
from services.sound.served import silence, sound, speakable
from tests.services.recordings import tone

WHOLE = tone(0.5)
HEAD = 44  # bytes before the samples of a plain WAV file


def changed(at: int, layout: str, value: int) -> bytes:
    """The tone with another number in its header."""
    raw = bytearray(WHOLE)
    struct.pack_into(layout, raw, at, value)
    return bytes(raw)


def seconds(raw: bytes) -> float:
    """The length of a WAV file as a strict reader finds it."""
    with wave.open(io.BytesIO(raw)) as file:
        frames = file.readframes(1 << 30)
        assert len(frames) == 2 * file.getnframes()
        return float(file.getnframes() / file.getframerate())


def test_a_good_wav_file_is_left_as_it_is() -> None:
    """Byte for byte."""
    assert WHOLE == sound("it", WHOLE)


@pytest.mark.parametrize("at", [4, HEAD - 4], ids=["of the file", "of the samples"])
@pytest.mark.parametrize("told", [0, 0xFFFFFFFF, 0x7FFFFFFF, 1 << 20])
def test_a_length_that_is_made_up_is_put_right(at: int, told: int) -> None:
    """Who streams cannot know it; what came is what there is."""
    found = sound("it", changed(at, "<I", told))
    assert seconds(found) == 0.5
    assert WHOLE == found


@pytest.mark.parametrize("told", [0, 0xFFFFFFFF])
def test_both_lengths_may_be_made_up(told: int) -> None:
    """And half a sample at the end is left out."""
    raw = bytearray(WHOLE + b"x")
    struct.pack_into("<I", raw, 4, told)
    struct.pack_into("<I", raw, HEAD - 4, told)
    assert WHOLE == sound("it", bytes(raw))


def test_other_chunks_may_stand_before_the_samples() -> None:
    """Programs sign their files."""
    note = b"LIST" + struct.pack("<I", 3) + b"me.\0"
    raw = WHOLE[:36] + note + WHOLE[36:]
    assert 0.5 == seconds(sound("it", raw))


@pytest.mark.parametrize(
    "raw",
    [
        WHOLE[:HEAD],
        WHOLE[: HEAD - 1],
        WHOLE[:20],
        b"RIFF",
        b"RIFF\0\0\0\0AVI " + WHOLE[12:],
        WHOLE[:12] + WHOLE[36:],
        changed(22, "<H", 0),
        changed(22, "<H", 999),
        changed(24, "<I", 0),
        changed(24, "<I", 0xFFFFFFFF),
        changed(16, "<I", 0xFFFFFFF0),
        b"",
        b"<!doctype html>secret words",
        b'{"error": "secret words"}',
        b"secret words",
    ],
)
def test_what_cannot_be_played_is_nonsense_that_repeats_nothing(raw: bytes) -> None:
    """Wrong headers, no samples, pages, words."""
    with pytest.raises(BackendNonsense) as caught:
        sound("it", raw)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("head", [b"ID3", b"OggS", b"fLaC", b"\xff\xfb\x90", changed(20, "<H", 3)])
def test_packed_sound_is_sound(head: bytes) -> None:
    """Told by its first bytes, whatever the server calls it."""
    assert head + b"..." == sound("it", head + b"...")


@given(st.binary(max_size=80), st.integers(0, 80))
def test_no_bytes_break_the_reader(noise: bytes, at: int) -> None:
    """A header of noise is sound that can be played, or nonsense."""
    raw = WHOLE[:at] + noise + WHOLE[at:]
    try:
        found = sound("it", raw)
    except BackendNonsense:
        return
    assert found


def test_silence_is_a_wav_file() -> None:
    """Of the length that was asked for."""
    assert 0.1 == pytest.approx(seconds(silence()), abs=0.001)
    assert silence() == sound("it", silence())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Hi", True), ("7", True), ("так", True), ("🙂", True), ("€", True), ("...", False)],
)
def test_letters_figures_and_signs_can_be_spoken(text: str, expected: bool) -> None:
    """Dots and spaces cannot."""
    assert expected == speakable(text)
    assert not speakable(" \n…!?—")
