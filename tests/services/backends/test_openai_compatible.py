"""Servers that speak OpenAI's chat: what each does differently."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ContextOverflow,
    ModelMissing,
)
from services.backends.openai_compatible import OpenAIChat
from services.skills import ChatOptions, Ready
from services.wire import Wire
from tests.fakes.openai import FakeOpenAI, Flavour
from tests.fakes.raw import RawServer, refusing
from tests.fakes.serving import SMALL_TALK
from tests.services.backends.conftest import heard


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAI]:
    """A fake llama.cpp server."""
    async with FakeOpenAI() as fake:
        yield fake


async def refused(
    wire: Wire, status: int, body: bytes, kind: bytes = b"text/plain"
) -> BackendError:
    """The error that a refusal becomes."""
    async with RawServer(refusing(status, body, kind)) as server:
        with pytest.raises(BackendError) as caught:
            await heard(OpenAIChat(wire, f"{server.url}/v1", "m"))
    return caught.value


async def test_a_question_says_all_that_such_servers_must_know(
    wire: Wire, server: FakeOpenAI
) -> None:
    """The length always: mlx_lm would stop after 512 tokens."""
    await heard(OpenAIChat(wire, f"{server.base}/", "tiny"), ChatOptions(77, temperature=0.3))
    assert {
        "model": "tiny",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Say hello to me, please."},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 77,
        "temperature": 0.3,
    } == server.requests[-1].body


async def test_the_key_is_shown_to_the_server_alone(wire: Wire, server: FakeOpenAI) -> None:
    """A wrong one is refused, and the error does not hold it."""
    server.key = "sk-right"
    assert await heard(OpenAIChat(wire, server.base, "tiny", "sk-right"))
    with pytest.raises(BackendRejected) as caught:
        await heard(OpenAIChat(wire, server.base, "tiny", "sk-wrong"))
    assert 401 == caught.value.status
    assert "sk-" not in f"{caught.value} {OpenAIChat(wire, server.base, 'tiny', 'sk-wrong')!r}"


@pytest.mark.parametrize("words", [("max_tokens",), ("temperature",), ("stream_options",)])
async def test_a_word_that_the_server_does_not_take_is_left_out(
    wire: Wire, server: FakeOpenAI, words: tuple[str, ...]
) -> None:
    """The refusal costs one question, once; the length goes by its newer name."""
    server.refuses = words
    backend = OpenAIChat(wire, server.base, "tiny")
    for _ in range(2):
        assert SMALL_TALK == "".join(await heard(backend, ChatOptions(50, temperature=1.0)))
    assert 3 == len(server.requests)
    body = server.requests[-1].body
    assert words[0] not in body
    assert 50 in {body.get("max_tokens"), body.get("max_completion_tokens")}


async def test_several_words_may_be_refused_one_after_another(
    wire: Wire, server: FakeOpenAI
) -> None:
    """Reasoning models of the clouds take neither."""
    server.refuses = ("max_tokens", "temperature")
    backend = OpenAIChat(wire, server.base, "tiny")
    assert await heard(backend, ChatOptions(temperature=1.0))


async def test_a_word_that_cannot_be_left_out_is_a_refusal(wire: Wire, server: FakeOpenAI) -> None:
    """Asking for ever would help nobody."""
    server.refuses = ("messages",)
    with pytest.raises(BackendRejected, match="Unsupported parameter"):
        await heard(OpenAIChat(wire, server.base, "tiny"))
    assert 1 == len(server.requests)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b'{"error": "Cannot find an appropriate cached snapshot folder"}'),
        (404, b'{"error":{"message":"The model `m` does not exist.","type":"NotFoundError"}}'),
        (404, b'{"error":{"message":"model \'m\' not found","type":"not_found_error"}}'),
        (400, b'{"error":{"message":"No model m","code":"model_not_found"}}'),
    ],
)
async def test_a_missing_model_is_told_apart(wire: Wire, status: int, body: bytes) -> None:
    """The next backend may have it, and the operator reads what to do."""
    found = await refused(wire, status, body)
    assert isinstance(found, ModelMissing)
    assert "m" == found.model


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("mlx-community/Qwen2.5-7B-Instruct-4bit", "hf download mlx-community/Qwen2.5-7B"),
        ("m", "curl http://127.0.0.1:"),
    ],
)
async def test_the_cure_for_a_missing_model_is_a_command(
    wire: Wire, model: str, expected: str
) -> None:
    """A name of the hub can be fetched; of others the server's list helps."""
    async with FakeOpenAI(flavour=Flavour.MLX) as server:
        with pytest.raises(ModelMissing) as caught:
            await heard(OpenAIChat(wire, server.base, model))
    assert caught.value.cure.startswith(expected)


@pytest.mark.parametrize(
    "body",
    [
        b'{"error":{"message":"File Not Found","type":"not_found_error","code":404}}',
        b'{"detail":"Not Found"}',
        b"Not Found",
        b"",
        b"404 page not found",
        b"<html><title>404 Not Found</title><h1>404 Not Found</h1>nginx</html>",
        b'{"error": "Only \'text\' content type is supported."}',
    ],
)
async def test_another_404_is_no_missing_model(wire: Wire, body: bytes) -> None:
    """The address may be wrong, or mlx_lm does not take the content; fetching cannot help."""
    found = await refused(wire, 404, body)
    assert isinstance(found, BackendRejected)
    assert 404 == found.status


@pytest.mark.parametrize(
    ("error", "limit"),
    [
        (
            {
                "message": "request (4823 tokens) exceeds the available context size (256 tokens)",
                "type": "exceed_context_size_error",
            },
            256,
        ),
        ({"message": "This model's maximum context length is 4096 tokens. You sent more."}, 4096),
        ({"message": "Too long", "code": "context_length_exceeded"}, 0),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False], ids=["in an error", "bare"])
async def test_too_long_a_conversation_is_told_apart(
    wire: Wire, error: dict[str, Any], limit: int, wrapped: bool
) -> None:
    """With the limit where the server tells it; older vLLMs send the error bare."""
    found = await refused(wire, 400, json.dumps({"error": error} if wrapped else error).encode())
    assert isinstance(found, ContextOverflow)
    assert limit == found.limit


async def test_a_model_that_is_being_loaded_is_unavailable(wire: Wire, server: FakeOpenAI) -> None:
    """For a question, and for whether it is ready, though its list of models is there."""
    backend = OpenAIChat(wire, server.base, "tiny")
    server.loading = True
    with pytest.raises(BackendUnavailable, match="Loading model"):
        await heard(backend)
    with pytest.raises(BackendUnavailable, match="Loading model"):
        await backend.ready()


@pytest.mark.parametrize(
    ("flavour", "expected"),
    [
        (Flavour.LLAMA_SERVER, Ready(("tiny",), None, 256)),
        (Flavour.VLLM, Ready(("tiny",), None, 4096)),
        (Flavour.MLX, Ready()),
    ],
)
async def test_it_tells_what_the_server_tells(
    wire: Wire, flavour: Flavour, expected: Ready
) -> None:
    """mlx_lm's list may be empty altogether: it is up, and its models are unknown."""
    async with FakeOpenAI(flavour=flavour) as server:
        assert expected == await OpenAIChat(wire, server.base, "tiny").ready()


@pytest.mark.parametrize("body", [b'{"error":"x"}', b"[]", b'{"data":[{}]}', b'{"data":3}'])
async def test_a_list_of_another_shape_is_nonsense(wire: Wire, body: bytes) -> None:
    """Whoever listens there is no such server."""
    async with RawServer(refusing(200, body)) as server:
        with pytest.raises(BackendNonsense):
            await OpenAIChat(wire, f"{server.url}/v1", "m").ready()


@pytest.mark.parametrize(("status", "up"), [(404, True), (405, True), (401, False), (500, False)])
async def test_a_server_without_a_list_is_up(wire: Wire, status: int, up: bool) -> None:
    """One that refuses the key is of no use."""
    async with RawServer(refusing(status, b"no")) as server:
        backend = OpenAIChat(wire, f"{server.url}/v1", "m")
        if up:
            assert Ready() == await backend.ready()
        else:
            with pytest.raises(BackendUnavailable):
                await backend.ready()
