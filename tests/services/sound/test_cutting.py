"""Long recordings are cut where nobody speaks, and nothing is lost."""

from __future__ import annotations

import asyncio
import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.speech import Speech
from services.sound.cutting import Part, carve, plan
from services.sound.wav import opened
from tests.services.sound.recordings import names, samples, wav

RATE = 16_000
LOW = 4_000
"""A rate at which long recordings are small."""


def speech(file: Path, data: bytes, rate: int = RATE) -> Speech:
    """A recording of these samples."""
    return Speech(wav(file, data, rate=rate), len(data) / 2 / rate)


def spoken(*seconds: float) -> bytes:
    """Sound and silence in turn, each for so long."""
    return b"".join(samples(long, loud=0.0 if at % 2 else 0.5) for at, long in enumerate(seconds))


def sound(part: Part) -> bytes:
    """The samples of a part."""
    with opened(part.speech.path) as file:
        return file.read(0, file.layout.frames)


async def cut(whole: Speech, longest: float, room: Path) -> list[Part]:
    """Every part, written."""
    return [await carve(whole, span, room) for span in await plan(whole, longest)]


async def test_a_short_recording_stays_whole(tmp_path: Path, room: Path) -> None:
    """It is not even copied."""
    whole = speech(tmp_path / "a.wav", spoken(2))
    assert [Part(whole, 0.0)] == await cut(whole, 2.0, room)
    assert [] == names(room)


async def test_the_cut_is_in_the_pause(tmp_path: Path, room: Path) -> None:
    """In the one that is nearest to the middle, of three."""
    whole = speech(tmp_path / "a.wav", spoken(3, 0.5, 1, 0.5, 2, 0.5, 1.5))
    first, second = await cut(whole, 6.0, room)
    assert 4.5 < second.start < 5.0
    assert 0.0 == first.start
    assert first.speech.seconds == second.start


async def test_without_a_pause_it_is_cut_where_it_is_quietest(tmp_path: Path, room: Path) -> None:
    """Between two words, if need be."""
    data = samples(4.2) + samples(0.15, loud=0.2) + samples(4.65)
    _, second = await cut(speech(tmp_path / "a.wav", data), 6.0, room)
    assert 4.15 < second.start < 4.4


async def test_sound_without_any_rest_is_cut_nevertheless(tmp_path: Path, room: Path) -> None:
    """Music has no pauses, and the model cannot take more."""
    parts = await cut(speech(tmp_path / "a.wav", samples(7.0)), 3.0, room)
    assert 3 == len(parts)
    assert max(part.speech.seconds for part in parts) <= 3.0


async def test_the_parts_are_about_as_long_as_each_other(tmp_path: Path, room: Path) -> None:
    """No part is a leftover of a second, which models fill with inventions."""
    parts = await cut(speech(tmp_path / "a.wav", spoken(*(0.8, 0.4) * 9)), 5.0, room)
    lengths = [part.speech.seconds for part in parts]
    assert max(lengths) < 2 * min(lengths)


async def test_the_same_recording_is_cut_in_the_same_places(tmp_path: Path) -> None:
    """What is done already is found again after a crash."""
    whole = speech(tmp_path / "a.wav", spoken(*(0.7, 0.35) * 8))
    assert await plan(whole, 3.0) == await plan(whole, 3.0)


recordings = st.lists(
    st.tuples(st.integers(1, 3 * LOW), st.sampled_from((b"\0\0", b"\x11\x22", b"\x01\0"))),
    max_size=8,
).map(lambda pieces: b"".join(sample * many for many, sample in pieces))


@settings(max_examples=60)
@given(recordings, st.floats(0.001, 4.0))
def test_the_parts_are_the_whole(data: bytes, longest: float) -> None:
    """In order, none empty, none longer than it may be, each where it says."""
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder) / "room"
        room.mkdir()
        whole = speech(Path(folder) / "a.wav", data, LOW)
        spans = asyncio.run(plan(whole, max(longest, len(data) / 2 / LOW / 20)))
        parts = [asyncio.run(carve(whole, span, room)) for span in spans]
        assert data == b"".join(sound(part) for part in parts)
    assert all(0 < part.speech.seconds for part in parts)
    for span in spans:
        assert span.end - span.begin <= max(longest, len(data) / 2 / LOW / 20) * LOW
    for one, other in pairwise(parts):
        assert round(other.start * LOW) == round((one.start + one.speech.seconds) * LOW)
