"""The fakes run by themselves, for benchmarks and for trying the bot without a model."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.backends.moondream_station import MoondreamVision
from services.backends.ollama import OllamaChat
from services.backends.openai_compatible import OpenAIChat
from services.skills import ChatModel, ChatOptions
from services.wire import Wire
from tests.services.backends.sights import picture, seen
from tests.services.chained import TURNS

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
