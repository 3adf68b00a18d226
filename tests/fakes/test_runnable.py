"""The fakes run by themselves, for benchmarks and for trying the bot without a model."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from services.backends.ollama import OllamaChat
from services.backends.openai_compatible import OpenAIChat
from services.skills import ChatModel, ChatOptions
from services.wire import Wire
from tests.services.chained import TURNS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fake", ["ollama", "openai"])
async def test_a_fake_prints_where_it_listens_and_answers_many_at_once(fake: str) -> None:
    """Many streams in one process, each whole."""
    arguments = ["--words-per-second", "50", "--words", "10"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.fakes.{fake}", *arguments),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    wire = Wire()
    try:
        assert process.stdout is not None
        url = json.loads(await process.stdout.readline())["url"]
        chat: ChatModel = OllamaChat(wire, url)
        if fake == "openai":
            chat = OpenAIChat(wire, f"{url}/v1", "tiny")
        async with asyncio.timeout(60):
            counts = await asyncio.gather(*(_count(chat) for _ in range(60)))
        assert {10} == set(counts)
    finally:
        process.terminate()
        await process.wait()
        await wire.aclose()


async def _count(chat: ChatModel) -> int:
    return len([piece async for piece in chat.stream(TURNS, ChatOptions())])
