"""The fakes run by themselves, for benchmarks and for trying the bot without a model."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from domain.speech import Timbre
from services.backends.moondream_station import MoondreamVision
from services.backends.ollama import OllamaChat
from services.backends.openai_compatible import OpenAIChat, OpenAIImage, OpenAITranscriber
from services.backends.piper_http import PiperHttpSynthesizer
from services.backends.whisper_cpp import WhisperCppTranscriber
from services.backends.wyoming import WyomingSynthesizer, WyomingTranscriber
from services.skills import ChatModel, ChatOptions, Ready
from services.wire import Wire
from tests.services.backends.sights import picture, seen
from tests.services.chained import TURNS
from tests.services.recordings import recorded

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fake", ["ollama", "openai"])
async def test_a_fake_prints_where_it_listens_and_answers_many_at_once(fake: str) -> None:
    """Many streams in one process, each whole."""
    async with running(fake, "--words-per-second", "50", "--words", "10") as (wire, url):
        chat: ChatModel = OllamaChat(wire, url)
        if fake == "openai":
            chat = OpenAIChat(wire, f"{url}/v1", "tiny")
        async with asyncio.timeout(60):
            counts = await asyncio.gather(*(_count(chat) for _ in range(60)))
        assert {10} == set(counts)


async def test_a_fake_that_sees_can_be_run_too(tmp_path: Path) -> None:
    """With the words of the command line."""
    async with running("moondream", "--words", "3", "--words-per-second", "0") as (wire, url):
        eyes = MoondreamVision(wire, f"{url}/v1")
        assert "word word word" == "".join(await seen(eyes, [picture(tmp_path)]))


async def test_the_fakes_of_sound_can_be_run_too(tmp_path: Path) -> None:
    """They speak and hear, each at the pace of the command line."""
    speech = recorded(tmp_path)
    async with running("piper_http", "--realtime", "0.1") as (wire, url):
        assert await PiperHttpSynthesizer(wire, url).speak("Hello.", Timbre("en"))
    async with running("whisper_cpp", "--words", "3") as (wire, url):
        found = await WhisperCppTranscriber(wire, url).transcribe(speech, "")
        assert "word word word" == found.text
    async with running("openai_audio", "--words", "2") as (wire, url):
        found = await OpenAITranscriber(wire, f"{url}/v1", "tiny").transcribe(speech, "")
        assert "word word" == found.text


async def test_a_fake_that_draws_can_be_run_too() -> None:
    """As a true server would."""
    async with running("openai_images") as (wire, url):
        painter = OpenAIImage(wire, f"{url}/v1", "tiny")
        assert Ready(("tiny",)) == await painter.ready()


async def test_a_fake_hears_and_speaks_for_many_at_once(tmp_path: Path) -> None:
    """Each on a connection of its own."""
    speech, text = recorded(tmp_path), "One two."
    async with running("wyoming", "--words", "3", "--words-per-second", "50") as (wire, url):
        ear, mouth = WyomingTranscriber(wire, url), WyomingSynthesizer(wire, url)
        async with asyncio.timeout(60):
            heard = await asyncio.gather(*(ear.transcribe(speech, "en") for _ in range(20)))
            said = await asyncio.gather(*(mouth.speak(text, Timbre("en")) for _ in range(20)))
    assert {"word word word"} == {one.text for one in heard}
    assert 1 == len(set(said))


@asynccontextmanager
async def running(fake: str, *arguments: str) -> AsyncIterator[tuple[Wire, str]]:
    """A fake in a process of its own: a wire, and where it listens."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.fakes.{fake}", *arguments),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    wire = Wire()
    try:
        assert process.stdout is not None
        yield wire, json.loads(await process.stdout.readline())["url"]
    finally:
        process.terminate()
        await process.wait()
        await wire.aclose()


async def _count(chat: ChatModel) -> int:
    return len([piece async for piece in chat.stream(TURNS, ChatOptions())])
