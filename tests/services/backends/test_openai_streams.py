"""Servers that speak OpenAI's chat: every shape of a stream is taken."""

import json
from typing import Any

import pytest

from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
)
from services.backends.openai_compatible import OpenAIChat
from services.skills import ChatOptions, Usage
from services.wire import Wire
from tests.fakes.openai import FakeOpenAI, Flavour
from tests.fakes.raw import RawServer, saying
from tests.fakes.serving import Script
from tests.services.backends.conftest import heard


def events(*chunks: Any) -> list[bytes]:
    """A stream of these chunks; texts go as they are."""
    return [
        (one if isinstance(one, str) else f"data: {json.dumps(one)}\n\n").encode() for one in chunks
    ]


def says(text: str | None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    """A chunk that says something."""
    delta = {"content": text, **more}
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


async def answer(wire: Wire, *chunks: Any, options: ChatOptions | None = None) -> list[str]:
    """What is heard of a stream of these chunks."""
    async with RawServer(saying(*events(*chunks))) as server:
        return await heard(OpenAIChat(wire, f"{server.url}/v1", "m"), options)


async def trouble(wire: Wire, *chunks: Any) -> BackendError:
    """The error that a stream of these chunks ends in."""
    with pytest.raises(BackendError) as caught:
        await answer(wire, *chunks)
    return caught.value


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
async def test_thoughts_come_first_and_marked(wire: Wire, field: str) -> None:
    """Whatever the server calls them."""
    chunks = [says(None, **{field: "Let me "}), says("", **{field: "see."}), says("Yes.", "stop")]
    assert "<think>Let me see.</think>Yes." == "".join(await answer(wire, *chunks))


async def test_thoughts_without_an_answer_are_closed(wire: Wire) -> None:
    """The length may end in the middle of thinking."""
    chunks = [says(None, reasoning="Hm."), says(None, "length")]
    assert "<think>Hm.</think>" == "".join(await answer(wire, *chunks))


@pytest.mark.parametrize("flavour", [Flavour.MLX, Flavour.VLLM, Flavour.LLAMA_SERVER])
async def test_every_flavour_tells_its_thoughts(wire: Wire, flavour: Flavour) -> None:
    """The fakes name the field as their servers do."""
    async with FakeOpenAI(Script("Yes.", thoughts="Let me see."), flavour) as server:
        pieces = await heard(OpenAIChat(wire, server.base, "tiny"))
    assert "<think>Let me see. </think>Yes." == "".join(pieces)


@pytest.mark.parametrize(
    "chunks",
    [
        [says("a"), says(None, "stop"), "data: [DONE]\n\n"],
        [says("a"), "data: [DONE]\n\n"],
        [says("a", "stop")],
        [{"choices": [{"delta": {"role": "assistant"}}]}, says("a", "length")],
        [": OPENROUTER PROCESSING\n\n", "event: x\nid: 1\n", says("a", "stop")],
        [{"choices": []}, says("a", "stop"), {"choices": [], "usage": None}],
        [says("a", "stop"), {"usage": {"prompt_tokens": 1, "completion_tokens": 1}}],
        ['{"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}]}'],
        [says("a", "stop"), "data: [DONE] \r\n\r\n", "data: rubbish after the end\n\n"],
    ],
)
async def test_all_shapes_of_a_complete_stream_are_taken(wire: Wire, chunks: list[Any]) -> None:
    """Servers differ in how they begin, count and end."""
    assert ["a"] == await answer(wire, *chunks)


async def test_usage_may_stand_in_a_chunk_without_choices_or_in_each(wire: Wire) -> None:
    """The last count is the true one; it is told once."""
    told: list[Usage] = []
    counts = [{"prompt_tokens": 5, "completion_tokens": one} for one in (1, 2)]
    chunks = [says("a") | {"usage": counts[0]}, says("b", "stop")]
    await answer(
        wire, *chunks, {"choices": [], "usage": counts[1]}, options=ChatOptions(usage=told.append)
    )
    assert [Usage(5, 2)] == told


@pytest.mark.parametrize("chunks", [[], [says("a")], [": only comments\n\n"], ["event: x\n\n"]])
async def test_a_stream_without_an_end_broke_off(wire: Wire, chunks: list[Any]) -> None:
    """Without a finish reason and an end mark it must not pass for a whole answer."""
    found = await trouble(wire, *chunks)
    assert isinstance(found, BackendUnavailable)
    assert "broke off" in str(found)


@pytest.mark.parametrize(
    "last",
    [
        {"error": {"code": 500, "message": "it crashed", "type": "server_error"}},
        {"error": "it crashed"},
        {"error": {"code": 429, "message": "it crashed"}, "choices": []},
        'error: {"code": 500, "message": "it crashed"}\n\n',
        'error: {"error": {"message": "it crashed"}}\n\n',
        '{"error": "it crashed"}\n',
    ],
)
async def test_an_error_in_mid_stream_is_unavailable(wire: Wire, last: Any) -> None:
    """It comes as data or as a field of its own, with status 200."""
    found = await trouble(wire, says("a"), last)
    assert isinstance(found, BackendUnavailable)
    assert "it crashed" in str(found)


async def test_a_finish_reason_may_be_an_error(wire: Wire) -> None:
    """OpenRouter ends like this when the server behind it fails."""
    assert isinstance(await trouble(wire, says("a"), says("", "error")), BackendUnavailable)


async def test_a_refusal_in_mid_stream_is_rejected(wire: Wire) -> None:
    """A code of HTTP's 4xx says that repeating cannot help."""
    found = await trouble(wire, {"error": {"code": 400, "message": "no such tool"}})
    assert isinstance(found, BackendRejected)


@pytest.mark.parametrize("chunk", ["data: nonsense\n\n", "data: []\n\n", "data: {}\n\n"])
async def test_chunks_of_another_shape_are_nonsense(wire: Wire, chunk: str) -> None:
    """A protocol that is broken is not guessed at."""
    assert isinstance(await trouble(wire, says("a"), chunk), BackendNonsense)
