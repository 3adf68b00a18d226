"""Voice messages grow while they are spoken."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

import pytest

from services.sound.convert import Converter
from services.sound.encoding import voice_file
from services.sound.ffmpeg import Ffmpeg, FfmpegFailed, FfmpegMissing
from services.sound.segments import AudioSegment, mono
from services.words import Voice
from tests.services.ground import until
from tests.services.sound.recordings import alive, names, number, samples, stub


def piece(seconds: float, rate: int = 22_050) -> AudioSegment:
    """A sentence that somebody spoke."""
    return mono(samples(seconds, rate=rate), rate)


async def speak(ffmpeg: Ffmpeg, folder: Path, *pieces: AudioSegment) -> tuple[Path, float]:
    """A voice message of these pieces."""
    async with voice_file(folder / "a.ogg", ffmpeg, 60) as file:
        for one in pieces:
            assert await file.add(one)
        return await file.finish()


async def test_it_is_a_voice_message_as_telegram_wants_it(
    ffmpeg: Ffmpeg, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """Ogg with Opus, one channel, as long as it says."""
    async with voice_file(tmp_path / "a.ogg", ffmpeg, 60) as file:
        assert await file.add(piece(1.0), 0.5)
        assert await file.add(piece(2.0), 0.25)
        path, seconds = await file.finish()
    head = path.read_bytes()[:64]
    assert b"OggS" == head[:4]
    assert (b"OpusHead", 1) == (head[28:36], head[37])
    assert seconds == pytest.approx(3.25, abs=0.001)
    heard = await Converter(ffmpeg).convert(path, room, voice)
    assert heard.seconds == pytest.approx(seconds, abs=0.03)


async def test_pieces_come_in_order_with_their_pauses(
    ffmpeg: Ffmpeg, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """The first one has no pause before it."""
    async with voice_file(tmp_path / "a.ogg", ffmpeg, 60) as file:
        for _ in range(2):
            await file.add(piece(1.0), 1.0)
        path, _ = await file.finish()
    heard = await Converter(ffmpeg).convert(path, room, voice)
    with wave.open(str(heard.path)) as opened:
        whole = mono(opened.readframes(opened.getnframes()), 16_000)
    loud = [whole[at : at + 100].dBFS > -30 for at in (300, 800, 1200, 1800, 2200, 2800)]
    assert [True, True, False, False, True, True] == loud


async def test_voices_of_different_rates_fit_together(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """A sentence in another language may come from another voice."""
    async with voice_file(tmp_path / "a.ogg", ffmpeg, 60) as file:
        for rate in (16_000, 22_050, 48_000):
            await file.add(piece(1.0, rate))
        assert file.seconds == pytest.approx(3.0, abs=0.001)
        await file.finish()


async def test_what_would_be_too_long_is_not_added(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """The beginning is spoken; the caller says that the rest is to be read."""
    async with voice_file(tmp_path / "a.ogg", ffmpeg, 2.5) as file:
        assert await file.add(piece(1.0))
        assert await file.add(piece(1.0), 0.25)
        assert not await file.add(piece(1.0))
        assert 2.25 == pytest.approx((await file.finish())[1], abs=0.001)


async def test_a_message_without_a_word_is_none(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """An empty piece adds nothing either."""
    with pytest.raises(ValueError, match="nothing was said"):
        await speak(ffmpeg, tmp_path, piece(1.0)[:0])
    assert [] == names(tmp_path)


async def test_what_is_not_finished_leaves_no_file(tmp_path: Path, ffmpeg: Ffmpeg) -> None:
    """Half a message is none."""
    async with voice_file(tmp_path / "a.ogg", ffmpeg, 60) as file:
        await file.add(piece(5.0))
        await until((tmp_path / "a.ogg").exists)
    assert [] == names(tmp_path)


async def test_cancelling_ends_it(tmp_path: Path) -> None:
    """Also while it takes nothing more."""
    note = tmp_path / "pid"
    deaf = Ffmpeg(stub(tmp_path / "ffmpeg", f"echo $$ > {note}; exec sleep 600"))

    work = asyncio.create_task(speak(deaf, tmp_path, piece(50.0)), name="speak")
    await until(lambda: number(note) > 0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not alive(number(note))


async def test_one_that_dies_is_told(tmp_path: Path) -> None:
    """While it is fed, or in the end."""
    dying = Ffmpeg(stub(tmp_path / "ffmpeg", "exec 0<&-; echo why >&2; exit 7"))
    with pytest.raises(FfmpegFailed):
        await speak(dying, tmp_path, piece(20.0))


async def test_none_at_all_is_told_before_anything_is_spoken(tmp_path: Path) -> None:
    """The answer is then a text."""
    with pytest.raises(FfmpegMissing):
        async with voice_file(tmp_path / "a.ogg", Ffmpeg(tmp_path / "gone"), 60):
            pass
