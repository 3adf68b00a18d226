"""The fakes answer as the true servers did: the same status, the same shape, the same frames."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.capturing import CAPTURES, captured, expect
from tests.fakes.ollama import BUSY, FakeOllama, Models
from tests.fakes.openai import FakeOpenAI, Flavour
from tests.fakes.serving import Script

HELLO = {"messages": [{"role": "user", "content": "hello"}]}
LONG = {"messages": [{"role": "user", "content": "hello " * 100}]}
STREAM = {**HELLO, "stream": True}
USAGE = {**STREAM, "stream_options": {"include_usage": True}}
WITH_PREFIX = {
    "model": "moondream",
    "messages": [{"role": "user", "content": "?", "images": ["data:image/jpeg;base64,AAAA"]}],
}


@pytest.fixture
async def ollama() -> AsyncIterator[FakeOllama]:
    """A fake Ollama with three models, one of which thinks and one of which sees."""
    names = ("phi3.5:3.8b", "qwen3:8b", "moondream")
    models = Models(names, frozenset({"qwen3:8b"}), context=100)
    async with FakeOllama(Script("Hello there"), models) as fake:
        yield fake


@pytest.mark.parametrize(
    ("capture", "path", "body"),
    [
        ("chat_stream", "/api/chat", STREAM),
        ("chat_stream_thinking", "/api/chat", {**STREAM, "model": "qwen3:8b"}),
        ("unknown_model", "/api/chat", {**STREAM, "model": "nope"}),
        ("no_thinking", "/api/chat", {**STREAM, "think": True}),
        ("too_long", "/api/chat", LONG),
        ("show_vision", "/api/show", {"model": "moondream"}),
        ("picture_with_prefix", "/api/chat", WITH_PREFIX),
        ("embed", "/api/embed", {"input": ["why?", "so"]}),
        ("embed_nothing", "/api/embed", {"input": []}),
        ("embed_number", "/api/embed", {"input": 7}),
        ("embed_unknown_model", "/api/embed", {"model": "nope", "input": "why?"}),
        ("tags", "/api/tags", None),
        ("ps", "/api/ps", None),
        ("unload", "/api/chat", {"messages": [], "keep_alive": 0}),
        ("version", "/api/version", None),
    ],
)
async def test_the_fake_ollama_answers_as_ollama(
    ollama: FakeOllama, capture: str, path: str, body: Any
) -> None:
    """Shape by shape."""
    ollama.models.loaded.add("phi3.5:3.8b")
    if capture.endswith("thinking"):
        ollama.script.thoughts = "Hm"
    body = body if body is None else {"model": "phi3.5:3.8b", **body}
    await expect(f"ollama/{capture}", ollama, path, body)


async def test_the_fake_ollama_fails_as_ollama(ollama: FakeOllama) -> None:
    """In mid-stream with status 200, and with a full queue."""
    body = {"model": "phi3.5:3.8b", **STREAM}
    ollama.script = Script("Hello there", error_after=1)
    await expect("ollama/chat_stream_error", ollama, "/api/chat", body)
    ollama.script = Script(status=503, error=BUSY)
    await expect("ollama/busy", ollama, "/api/chat", body)
    assert BUSY == json.loads(captured("ollama/busy")[2])["error"]


@pytest.mark.parametrize(
    ("capture", "path", "body"),
    [
        ("chat_stream", "/v1/chat/completions", STREAM),
        ("chat_stream_usage", "/v1/chat/completions", USAGE),
        ("no_messages", "/v1/chat/completions", {"stream": True}),
        ("ctx_exceeded_stream", "/v1/chat/completions", LONG),
        ("models", "/v1/models", None),
        ("health", "/health", None),
        ("embeddings_off", "/v1/embeddings", {"input": ["why?"]}),
        ("notfound", "/nowhere", None),
    ],
)
async def test_the_fake_llama_server_answers_as_llama_server(
    capture: str, path: str, body: Any
) -> None:
    """Frame by frame."""
    async with FakeOpenAI(Script("Hello there")) as fake:
        fake.context, fake.embeds = 256, False
        await expect(f"llama_server/{capture}", fake, path, body)


@pytest.mark.parametrize(
    ("capture", "path", "body"),
    [
        ("chat_stream", "/v1/chat/completions", {**STREAM, "model": "tiny"}),
        ("chat_stream_usage", "/v1/chat/completions", {**USAGE, "model": "tiny"}),
        ("chat_stream_long_prompt_keepalive", "/v1/chat/completions", {**STREAM, "model": "tiny"}),
        ("no_messages", "/v1/chat/completions", {"model": "tiny"}),
        ("unknown_model", "/v1/chat/completions", {**STREAM, "model": "nope"}),
        ("models", "/v1/models", None),
        ("health", "/health", None),
        ("notfound", "/nowhere", None),
    ],
)
async def test_the_fake_mlx_answers_as_mlx(capture: str, path: str, body: Any) -> None:
    """Comments before the words, errors that are texts, an empty list of models."""
    async with FakeOpenAI(Script("Hello there"), Flavour.MLX) as fake:
        fake.comments = 7 if "keepalive" in capture else 1
        await expect(f"mlx_lm/{capture}", fake, path, body)


async def test_mlx_speaks_http_1_0() -> None:
    """It tells no length and ends by closing, and so does the fake."""
    assert (CAPTURES / "mlx_lm/chat_stream.headers").read_text().startswith("HTTP/1.0 200 OK")
    async with (
        FakeOpenAI(flavour=Flavour.MLX) as fake,
        aiohttp.ClientSession() as session,
        session.post(f"{fake.base}/chat/completions", json={**STREAM, "model": "tiny"}) as answer,
    ):
        assert aiohttp.HttpVersion10 == answer.version
        assert "Transfer-Encoding" not in answer.headers
        assert (await answer.text()).endswith("data: [DONE]\n\n")
