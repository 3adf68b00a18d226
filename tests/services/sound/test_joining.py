"""What synthesizers give fits together, or is refused by its shape."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from services.sound.ffmpeg import Ffmpeg, FfmpegMissing
from services.sound.joining import CEILING, LONGEST, LOUDNESS, NoSound, spoken
from tests.services.sound.recordings import names, samples, tone, wav


async def test_sentences_get_one_loudness(ffmpeg: Ffmpeg, tmp_path: Path, room: Path) -> None:
    """A faint voice and a loud one meet."""
    for loud in (0.03, 0.9):
        file = wav(tmp_path / "a.wav", samples(1, loud=loud))
        piece = await spoken(file.read_bytes(), room, ffmpeg)
        assert piece.dBFS == pytest.approx(LOUDNESS, abs=0.2)


async def test_nothing_is_made_so_loud_that_it_distorts(
    ffmpeg: Ffmpeg, tmp_path: Path, room: Path
) -> None:
    """A voice with one loud place stays below the ceiling."""
    data = samples(1, loud=0.02) + samples(0.01, loud=0.99) + samples(1, loud=0.02)
    piece = await spoken(wav(tmp_path / "a.wav", data).read_bytes(), room, ffmpeg)
    assert piece.max_dBFS == pytest.approx(CEILING, abs=0.1)


async def test_noise_is_not_blown_up(ffmpeg: Ffmpeg, tmp_path: Path, room: Path) -> None:
    """What is all but silent is not raised to a voice."""
    data = samples(1, loud=0.0005)
    piece = await spoken(wav(tmp_path / "a.wav", data).read_bytes(), room, ffmpeg)
    assert piece.dBFS < -45


async def test_the_silence_at_both_ends_goes(ffmpeg: Ffmpeg, tmp_path: Path, room: Path) -> None:
    """The pauses between sentences are ours to make; the one inside a sentence is not."""
    data = bytes(32_000) + samples(0.5) + bytes(16_000) + samples(0.5) + bytes(64_000)
    piece = await spoken(wav(tmp_path / "a.wav", data).read_bytes(), room, ffmpeg)
    assert piece.duration_seconds == pytest.approx(1.58, abs=0.03)


async def test_a_piece_of_silence_becomes_empty(ffmpeg: Ffmpeg, tmp_path: Path, room: Path) -> None:
    """A sentence of dots is no reason to fail."""
    piece = await spoken(wav(tmp_path / "a.wav", bytes(32_000)).read_bytes(), room, ffmpeg)
    assert 0 == len(piece)


@pytest.mark.parametrize("claimed", [0, 0xFFFF_FFFF, 0x7FFF_FFFF])
async def test_a_header_that_lies_is_read_by_what_follows(
    claimed: int, tmp_path: Path, room: Path
) -> None:
    """Streaming servers write such; no ffmpeg is needed for it."""
    whole = bytearray(wav(tmp_path / "a.wav", samples(1)).read_bytes())
    whole[40:44] = struct.pack("<I", claimed)
    piece = await spoken(bytes(whole), room, Ffmpeg(tmp_path / "gone"))
    assert piece.duration_seconds == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("stereo.wav", ("-ac", "2")),
        ("bytes.wav", ("-c:a", "pcm_u8")),
        ("wide.wav", ("-c:a", "pcm_s32le")),
        ("deep.wav", ("-c:a", "pcm_s24le")),
        ("float.wav", ("-c:a", "pcm_f32le")),
        ("a.mp3", ()),
        ("a.ogg", ("-c:a", "libopus")),
        ("a.flac", ()),
    ],
)
async def test_other_forms_are_read_too(
    name: str, options: tuple[str, ...], ffmpeg: Ffmpeg, tmp_path: Path, room: Path
) -> None:
    """Into one channel of 16 bits, and nothing is left in the room."""
    file = tone(tmp_path / name, *options, seconds=1)
    piece = await spoken(file.read_bytes(), room, ffmpeg)
    assert (1, 2) == (piece.channels, piece.sample_width)
    assert piece.duration_seconds == pytest.approx(1.0, abs=0.1)
    assert piece.dBFS == pytest.approx(LOUDNESS, abs=0.5)
    assert [] == names(room)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "nothing"),
        (b"  <!DOCTYPE html><p>502", "HTML"),
        (b'{"error": "no"}', "JSON"),
        (bytes(1000), "no sound, 1000 bytes"),
        (b"RIFF\0\0\0\0WAVE", "no samples"),
        (b"ID3\x04\0\0\0\0\0\0 and then nonsense", "damaged .mp3"),
        (b"OggS" + bytes(500), "damaged .ogg"),
    ],
)
async def test_garbage_is_named_by_its_shape(
    data: bytes, expected: str, ffmpeg: Ffmpeg, room: Path
) -> None:
    """Never by its words, and nothing is left of it."""
    with pytest.raises(NoSound, match=expected):
        await spoken(data, room, ffmpeg)
    assert [] == names(room)


async def test_a_wav_without_samples_is_named(ffmpeg: Ffmpeg, tmp_path: Path, room: Path) -> None:
    """An empty answer in a good envelope."""
    with pytest.raises(NoSound, match="without samples"):
        await spoken(wav(tmp_path / "a.wav", b"").read_bytes(), room, ffmpeg)


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
async def test_a_sentence_of_many_minutes_is_none(
    name: str, ffmpeg: Ffmpeg, tmp_path: Path, room: Path
) -> None:
    """However well it packs."""
    long = ("-ar", "8000", "-t", str(LONGEST + 5))
    file = tone(tmp_path / name, *long, seconds=LONGEST + 5)
    with pytest.raises(NoSound, match="a recording of 30"):
        await spoken(file.read_bytes(), room, ffmpeg)


async def test_without_ffmpeg_what_needs_it_says_so(tmp_path: Path, room: Path) -> None:
    """The operator's trouble is not taken for the server's."""
    with pytest.raises(FfmpegMissing):
        await spoken(tone(tmp_path / "a.mp3").read_bytes(), room, Ffmpeg(tmp_path / "gone"))
    assert [] == names(room)
