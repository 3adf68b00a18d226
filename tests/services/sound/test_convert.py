"""Whatever somebody sends becomes Speech, or one clear word."""

from __future__ import annotations

import asyncio
import os
import struct
import wave
import zlib
from pathlib import Path

import pytest

from domain.errors import Broken, Refused, TooBig, Unsupported
from services.sound.convert import GRACE, Converter
from services.sound.ffmpeg import Ffmpeg, find
from services.words import Voice
from tests.services.ground import until
from tests.services.sound.recordings import PICTURE, TONE, make, names, samples, stub, tone, wav

GOOD = {
    "a.ogg": ("-c:a", "libopus"),
    "vorbis.ogg": ("-c:a", "libvorbis"),
    "a.mp3": (),
    "a.m4a": (),
    "a.mp4": (),
    "a.webm": (),
    "a.mkv": (),
    "a.wav": (),
    "deep.wav": ("-c:a", "pcm_s24le", "-ac", "2"),
    "a.flac": (),
    "a.aac": (),
    "a.amr": ("-ar", "8000", "-ac", "1"),
    "a.aiff": (),
    "a.caf": (),
    "a.wma": (),
}


@pytest.fixture
def converter(ffmpeg: Ffmpeg) -> Converter:
    """It takes recordings of up to one minute."""
    return Converter(ffmpeg, minutes=1)


async def refused(converter: Converter, file: Path, room: Path, voice: Voice) -> Refused:
    """Convert what cannot be converted; nothing may be left of it."""
    with pytest.raises(Refused) as caught:
        await converter.convert(file, room, voice)
    assert [] == names(room)
    return caught.value


def png(wide: int, high: int) -> bytes:
    """A picture of one bit a dot that packs very well."""

    def chunk(name: bytes, data: bytes) -> bytes:
        whole = name + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    packer = zlib.compressobj(9)
    line = bytes(1 + wide * 4)
    packed = b"".join(packer.compress(line) for _ in range(high)) + packer.flush()
    head = struct.pack(">IIBBBBB", wide, high, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def tag(picture: bytes) -> bytes:
    """A tag with a cover, as players write it before an MP3's sound."""
    frame = b"\0image/png\0\x03\0" + picture
    frame = b"APIC" + struct.pack(">I", len(frame)) + b"\0\0" + frame
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + frame


@pytest.mark.parametrize("name", GOOD)
async def test_every_common_kind_is_taken(
    name: str, converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """It becomes WAV of 16 kHz, one channel, 16 bits, and its length is told."""
    file = tone(tmp_path / name, *GOOD[name])
    speech = await converter.convert(file.rename(tmp_path / "nameless"), room, voice)
    with wave.open(str(speech.path)) as opened:
        assert (1, 2, 16_000) == opened.getparams()[:3]
        assert opened.getnframes() / 16_000 == speech.seconds
    assert speech.seconds == pytest.approx(2.0, abs=0.15)
    assert [speech.path.name] == names(room)


async def test_the_sound_of_a_video_is_taken(
    converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """Round notes are videos."""
    both = (TONE.format(seconds=2), PICTURE.format(seconds=2))
    inputs = [part for one in both for part in ("-f", "lavfi", "-i", one)]
    speech = await converter.convert(make(tmp_path / "round.mp4", *inputs), room, voice)
    assert speech.seconds == pytest.approx(2.0, abs=0.15)


async def test_a_file_of_no_bytes_is_empty(
    converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """There is nothing to ask ffmpeg about."""
    file = tmp_path / "a.ogg"
    file.touch()
    assert "empty" in str(await refused(converter, file, room, voice))


@pytest.mark.parametrize("name", ["a.wav", "a.ogg", "a.mp3"])
async def test_a_recording_of_no_seconds_is_empty(
    name: str, converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """It has its headers and nothing behind them."""
    file = tone(tmp_path / name, "-ac", "1", "-t", "0.01", seconds=0.01)
    refusal = await refused(converter, file, room, voice)
    assert isinstance(refusal, Broken)
    assert "empty" in str(refusal) or "damaged" in str(refusal)


async def test_a_pdf_is_refused_by_its_bytes(tmp_path: Path, room: Path, voice: Voice) -> None:
    """Whatever it is called, ffmpeg is not even asked."""
    asked = tmp_path / "asked"
    converter = Converter(Ffmpeg(stub(tmp_path / "ffmpeg", f"touch {asked}")))
    file = tmp_path / "voice.ogg"
    file.write_bytes(b"%PDF-1.7\n" + bytes(2000))
    refusal = await refused(converter, file, room, voice)
    assert isinstance(refusal, Unsupported)
    assert "no recording" in str(refusal)
    assert not asked.exists()


@pytest.mark.parametrize("text", ["#EXTM3U\n/etc/passwd\n", "ffconcat version 1.0\nfile a.wav\n"])
async def test_a_list_of_other_files_is_no_recording(
    text: str, converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """Nobody reads this machine's files through a playlist."""
    file = tmp_path / "a.ogg"
    file.write_text(text)
    assert isinstance(await refused(converter, file, room, voice), Unsupported)


async def test_a_truncated_voice_note_gives_what_is_left(
    converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """A download that was cut is still worth hearing."""
    file = tone(tmp_path / "a.ogg", "-c:a", "libopus", seconds=10)
    os.truncate(file, file.stat().st_size // 2)
    speech = await converter.convert(file, room, voice)
    assert 3 < speech.seconds < 7


async def test_noise_behind_a_good_beginning_is_damaged(
    converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """The first bytes are right, nothing else is."""
    file = tmp_path / "a.ogg"
    file.write_bytes(b"OggS" + bytes(range(256)) * 40)
    refusal = await refused(converter, file, room, voice)
    assert isinstance(refusal, Broken)
    assert "damaged" in str(refusal)


async def test_a_video_without_sound_is_said_so(
    converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """It is whole, and there is nothing to hear."""
    file = make(tmp_path / "a.mp4", "-f", "lavfi", "-i", PICTURE.format(seconds=1))
    refusal = await refused(converter, file, room, voice)
    assert isinstance(refusal, Unsupported)
    assert "no sound" in str(refusal)


async def test_a_hostile_cover_is_never_unpacked(tmp_path: Path, room: Path, voice: Voice) -> None:
    """Of a quarter of a megabyte it would become a quarter of a gigabyte."""
    file = tone(tmp_path / "a.mp3", "-write_id3v2", "0", "-write_xing", "0")
    file.write_bytes(tag(png(8_000, 8_000)) + file.read_bytes())
    complaints = tmp_path / "complaints"
    watched = stub(tmp_path / "ffmpeg", f'exec {find()} "$@" 2> {complaints}')
    speech = await Converter(Ffmpeg(watched)).convert(file, room, voice)
    assert speech.seconds == pytest.approx(2.0, abs=0.15)
    assert "Codec (png) not on whitelist" in complaints.read_text()


@pytest.mark.parametrize("claimed", [0, 0xFFFF_FFFF, 100_000 * 32_000])
async def test_a_length_that_a_header_claims_is_not_believed(
    claimed: int, converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """What is there counts: 100 000 seconds by the header are the second that it has."""
    file = wav(tmp_path / "a.wav", samples(1.0))
    whole = bytearray(file.read_bytes())
    whole[40:44] = struct.pack("<I", claimed)
    file.write_bytes(whole)
    speech = await converter.convert(file, room, voice)
    assert 1.0 == speech.seconds


async def test_a_header_that_makes_no_sense_is_damage(
    converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """No channels, no rate."""
    file = wav(tmp_path / "a.wav", samples(1.0))
    whole = bytearray(file.read_bytes())
    whole[22:28] = bytes(6)
    file.write_bytes(whole)
    assert isinstance(await refused(converter, file, room, voice), Broken)


async def test_a_long_recording_is_refused_with_the_limit(
    converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """No more of it is unpacked than it takes to know, however small it packs."""
    file = make(tmp_path / "a.flac", "-f", "lavfi", "-i", "anullsrc=r=16000:d=600", "-ac", "1")
    refusal = await refused(converter, file, room, voice)
    assert isinstance(refusal, TooBig)
    assert "up to 1 minute;" in str(refusal)


@pytest.mark.parametrize("seconds", [60, 60 + GRACE])
async def test_a_recording_of_just_the_limit_is_taken(
    seconds: int, converter: Converter, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """The limit itself is within it, and a breath more."""
    speech = await converter.convert(tone(tmp_path / "a.wav", seconds=seconds), room, voice)
    assert seconds == speech.seconds


async def test_a_missing_ffmpeg_is_no_riddle_for_anybody(
    tmp_path: Path, room: Path, voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator reads the cure, the person what to do instead."""
    converter = Converter(Ffmpeg(tmp_path / "gone"))
    refusal = await refused(converter, tone(tmp_path / "a.ogg"), room, voice)
    assert "write to me" in str(refusal)
    assert "make install" in caplog.text


async def test_one_that_hangs_costs_its_deadline_and_nothing_else(
    tmp_path: Path, room: Path, voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    """What it had written by then is not taken for a recording."""
    hanging = stub(tmp_path / "ffmpeg", f"head -c 99999 /dev/zero > {room}/speech.wav; sleep 600")
    converter = Converter(Ffmpeg(hanging), deadline=0.5)
    refusal = await refused(converter, tone(tmp_path / "a.ogg"), room, voice)
    assert isinstance(refusal, Broken)
    assert "too long to open" in str(refusal)
    assert "had not ended" in caplog.text


async def test_one_that_crashes_is_damage(tmp_path: Path, room: Path, voice: Voice) -> None:
    """What it wrote before is not trusted."""
    dying = stub(tmp_path / "ffmpeg", f"head -c 99999 /dev/zero > {room}/speech.wav; kill -SEGV $$")
    refusal = await refused(Converter(Ffmpeg(dying)), tone(tmp_path / "a.ogg"), room, voice)
    assert "damaged" in str(refusal)


async def test_a_conversion_that_is_stopped_leaves_nothing(
    tmp_path: Path, room: Path, voice: Voice
) -> None:
    """Not even half a recording."""
    half = room / "speech.wav"
    slow = stub(tmp_path / "ffmpeg", f"echo half > {half}; exec sleep 600")
    file = tone(tmp_path / "a.ogg")
    work = asyncio.create_task(Converter(Ffmpeg(slow)).convert(file, room, voice), name="convert")
    await until(half.exists)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert [] == names(room)
