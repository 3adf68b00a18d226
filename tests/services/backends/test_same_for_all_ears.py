"""What everybody who hears does, whatever wire leads there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.errors import BackendUnavailable
from services.backends.whisper_cpp import WhisperCppTranscriber
from services.backends.wyoming import WyomingTranscriber
from services.skills import Transcriber
from services.wire import Wire
from tests.fakes.serving import Fake, Script
from tests.fakes.whisper_cpp import FakeWhisperCpp
from tests.fakes.wyoming import FakeWyoming, Talents
from tests.services.recordings import recorded


@dataclass(frozen=True, slots=True)
class Listening:
    """Who hears, the server behind it, and how the server says that it was asked."""

    ear: Transcriber
    fake: Fake
    path: str


@pytest.fixture(params=["whisper.cpp", "Wyoming", "Wyoming in pieces"])
async def listening(request: pytest.FixtureRequest, wire: Wire) -> AsyncIterator[Listening]:
    """Each kind of server in turn."""
    async with AsyncExitStack() as stack:
        if request.param == "whisper.cpp":
            whisper = FakeWhisperCpp()
            await stack.enter_async_context(whisper)
            yield Listening(WhisperCppTranscriber(wire, whisper.url), whisper, "/inference")
            return
        wyoming = FakeWyoming(talents=Talents(streams=request.param == "Wyoming in pieces"))
        await stack.enter_async_context(wyoming)
        yield Listening(WyomingTranscriber(wire, wyoming.url), wyoming, "transcribe")


async def test_words_come_without_what_is_around_them(listening: Listening, tmp_path: Path) -> None:
    """No spaces, no notes."""
    listening.fake.script = Script("  Hello there. ♪ ")
    heard = await listening.ear.transcribe(recorded(tmp_path), "en")
    assert ("Hello there.", "en") == (heard.text, heard.language)


async def test_silence_is_an_empty_text(listening: Listening, tmp_path: Path) -> None:
    """However the server writes it."""
    listening.fake.script = Script("[BLANK_AUDIO]")
    assert "" == (await listening.ear.transcribe(recorded(tmp_path), "")).text


async def test_an_answer_that_breaks_off_is_unavailable(
    listening: Listening, tmp_path: Path
) -> None:
    """The next one is asked."""
    listening.fake.script = Script(break_after=0)
    with pytest.raises(BackendUnavailable):
        await listening.ear.transcribe(recorded(tmp_path), "")


async def test_who_does_not_wait_frees_the_server(listening: Listening, tmp_path: Path) -> None:
    """A cancelled question closes its connection."""
    listening.fake.script = Script(deaf=True)
    hearing = asyncio.create_task(
        listening.ear.transcribe(recorded(tmp_path), ""),
        name="hearing",
    )
    asked = await listening.fake.asked(listening.path)
    hearing.cancel()
    async with asyncio.timeout(10):
        await asked.left.wait()
    assert hearing.cancelling()


async def test_its_label_names_it_for_the_operator(listening: Listening) -> None:
    """The text appears in errors and in /status."""
    assert listening.fake.url.rpartition(":")[2] in listening.ear.label
