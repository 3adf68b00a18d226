"""Servers that speak OpenAI's chat and see: what each does differently."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import BackendRejected, BackendUnavailable, ContextOverflow, ModelMissing
from services.backends.openai_compatible import OpenAIVision
from services.skills import ChatOptions, Ready
from services.wire import Wire
from tests.fakes.openai import FakeOpenAI, Flavour
from tests.fakes.raw import RawServer, refusing
from tests.fakes.serving import SMALL_TALK, Script
from tests.services.backends.sights import picture, seen


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAI]:
    """A fake llama.cpp server whose model sees."""
    async with FakeOpenAI() as fake:
        yield fake


async def test_pictures_go_along_as_addresses(
    wire: Wire, server: FakeOpenAI, tmp_path: Path
) -> None:
    """After the question, in their order."""
    album = [picture(tmp_path, name) for name in "cab"]
    options = ChatOptions(77)
    answer = await seen(OpenAIVision(wire, server.base, "tiny"), album, "Who is it?", options)
    assert SMALL_TALK == "".join(answer)
    texts = [b64encode(one.path.read_bytes()).decode() for one in album]
    urls = [{"url": f"data:image/jpeg;base64,{text}"} for text in texts]
    assert {
        "model": "tiny",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Who is it?"},
                    *({"type": "image_url", "image_url": url} for url in urls),
                ],
            }
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 77,
    } == server.requests[-1].body


async def test_more_pictures_than_it_sees_at_once_are_looked_at_in_turn(
    wire: Wire, server: FakeOpenAI, tmp_path: Path
) -> None:
    """Each answer says whose it is."""
    server.script = Script("A cat.")
    album = [picture(tmp_path, name) for name in "abcde"]
    answer = await seen(OpenAIVision(wire, server.base, "tiny", at_once=2), album, "")
    assert "[1-2] A cat.\n\n[3-4] A cat.\n\n[5] A cat." == "".join(answer)
    asked = [one.body["messages"][0]["content"] for one in server.requests]
    assert [3, 3, 2] == [len(parts) for parts in asked]
    assert "Describe each picture, in their order." == asked[0][0]["text"]
    assert "Describe this picture." == asked[2][0]["text"]


@pytest.mark.parametrize("flavour", Flavour)
async def test_who_cannot_see_is_unavailable_for_pictures(
    wire: Wire, tmp_path: Path, flavour: Flavour
) -> None:
    """Each says it otherwise; the next backend is asked."""
    async with FakeOpenAI(flavour=flavour) as server:
        server.sees = False
        with pytest.raises(BackendUnavailable):
            await seen(OpenAIVision(wire, server.base, "tiny"), [picture(tmp_path)])


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "Only 'text' content type is supported."),
        (400, "Model does not support images. Please use a model that does."),
        (400, "this model does not support image input"),
        (400, "facebook/opt-125m is not a multimodal model None"),
        (400, "Invalid content type. image_url is only supported by certain models."),
        (404, "No endpoints found that support image input"),
    ],
)
async def test_each_way_to_be_blind_is_understood(
    wire: Wire, tmp_path: Path, status: int, words: str
) -> None:
    """mlx_lm, LM Studio, Ollama, vLLM, OpenAI and OpenRouter."""
    body = f'{{"error":{{"message":"{words}"}}}}'.encode()
    async with RawServer(refusing(status, body)) as server:
        with pytest.raises(BackendUnavailable) as caught:
            await seen(OpenAIVision(wire, f"{server.url}/v1", "m"), [picture(tmp_path)])
    assert words in caught.value.reason
    assert not isinstance(caught.value, ModelMissing)


@pytest.mark.parametrize(
    ("status", "words"), [(400, "You uploaded an unsupported image."), (401, "Incorrect API key")]
)
async def test_other_refusals_are_told_as_they_are(
    wire: Wire, tmp_path: Path, status: int, words: str
) -> None:
    """Nobody else could do better with this picture, or with this key."""
    body = f'{{"error":{{"message":"{words}"}}}}'.encode()
    async with RawServer(refusing(status, body)) as server:
        with pytest.raises(BackendRejected, match=words) as caught:
            await seen(OpenAIVision(wire, f"{server.url}/v1", "m"), [picture(tmp_path)])
    assert status == caught.value.status


async def test_too_much_for_its_context_is_told_apart(
    wire: Wire, server: FakeOpenAI, tmp_path: Path
) -> None:
    """As in a conversation."""
    server.context = 10
    with pytest.raises(ContextOverflow):
        await seen(OpenAIVision(wire, server.base, "tiny"), [picture(tmp_path)])


@pytest.mark.parametrize(
    ("flavour", "expected"),
    [
        (Flavour.LLAMA_SERVER, Ready(("tiny",), None, 256)),
        (Flavour.VLLM, Ready(("tiny",), None, 4096)),
        (Flavour.MLX, Ready()),
    ],
)
async def test_it_is_ready_where_nothing_speaks_against_it(
    wire: Wire, flavour: Flavour, expected: Ready
) -> None:
    """Most servers do not tell whether they see; a question will show."""
    async with FakeOpenAI(flavour=flavour) as server:
        assert expected == await OpenAIVision(wire, server.base, "tiny").ready()


@pytest.mark.parametrize(
    "listing",
    [
        b'{"data":[{"id":"m","architecture":{"input_modalities":["text"]}}]}',
        b'{"data":[{"id":"m"}],"models":[{"name":"m","capabilities":["completion"]}]}',
    ],
)
async def test_a_server_that_tells_that_it_is_blind_is_not_ready(
    wire: Wire, listing: bytes
) -> None:
    """llama.cpp without a projector, in its older and its newer words."""
    async with RawServer(refusing(200, listing)) as server:
        with pytest.raises(BackendUnavailable, match=r"takes no pictures.*--mmproj") as caught:
            await OpenAIVision(wire, f"{server.url}/v1", "m").ready()
    assert caught.value.down


async def test_the_model_that_is_asked_counts_among_many(wire: Wire) -> None:
    """A cloud lists hundreds, and what each of them takes."""
    listing = (
        b'{"data":[{"id":"blind","architecture":{"input_modalities":["text"]}},'
        b'{"id":"m","architecture":{"input_modalities":["text","image"]}}]}'
    )
    async with RawServer(refusing(200, listing)) as server:
        ready = await OpenAIVision(wire, f"{server.url}/v1", "m").ready()
        assert ("blind", "m") == ready.models
        with pytest.raises(BackendUnavailable, match="takes no pictures"):
            await OpenAIVision(wire, f"{server.url}/v1", "blind").ready()


def test_nobody_sees_no_pictures_at_a_time(wire: Wire) -> None:
    """A mistake in the configuration is told at the start."""
    with pytest.raises(ValueError, match="at_once must be 1 or more"):
        OpenAIVision(wire, "http://127.0.0.1:1/v1", "m", at_once=0)
