"""Models that turn texts into vectors: what is the same for all, and what is peculiar to each."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BackendNonsense, BackendUnavailable, ModelMissing
from services.backends.ollama import OllamaEmbedder
from services.backends.openai_compatible import OpenAIEmbedder
from services.embeddings import MOST_NUMBERS, floats
from services.skills import Embedder
from services.wire import Wire
from storage import vectors
from tests.fakes.meanings import NUMBERS
from tests.fakes.ollama import BUSY, FakeOllama, Models
from tests.fakes.openai import FakeOpenAI, Flavour
from tests.fakes.raw import RawServer, refusing
from tests.fakes.serving import Script

EVERY = ["ollama", "openai"]
TEXTS = ["the coronation", "she was crowned", "a parrot"]


@pytest.fixture(params=EVERY)
async def embedder(wire: Wire, request: pytest.FixtureRequest) -> AsyncIterator[Embedder]:
    """An embedder of each kind, with a server that has its model."""
    async with AsyncExitStack() as stack:
        if request.param == "ollama":
            fake = await stack.enter_async_context(FakeOllama(models=Models(("bge-m3",))))
            yield OllamaEmbedder(wire, fake.url)
        else:
            openai = FakeOpenAI(flavour=Flavour.VLLM)
            await stack.enter_async_context(openai)
            yield OpenAIEmbedder(wire, openai.base, "tiny")


def cosine(one: bytes, other: bytes) -> float:
    """How near two vectors are, up to 1."""
    return sum(a * b for a, b in zip(vectors.unit(one), vectors.unit(other), strict=True))


async def test_each_text_has_its_vector(embedder: Embedder) -> None:
    """In their order: those of one meaning are near, and alone it has the same."""
    coronation, crowned, parrot = await embedder.embed(TEXTS)
    assert NUMBERS * 4 == len(parrot)
    assert cosine(coronation, crowned) > 0.3 > cosine(coronation, parrot)
    assert [parrot] == await embedder.embed(TEXTS[2:])


async def test_it_says_what_it_has(embedder: Embedder) -> None:
    """Under the name whose vectors are kept."""
    names = [one.removesuffix(":latest") for one in (await embedder.ready()).models]
    assert [embedder.model] == names


async def test_ollama_is_told_the_same_context_each_time(wire: Wire) -> None:
    """Another one would load the model anew; what is too long it cuts by itself."""
    async with FakeOllama(models=Models(("bge-m3",))) as fake:
        await OllamaEmbedder(wire, fake.url, keep_alive="1h").embed(["a", "b"])
        assert {
            "model": "bge-m3",
            "input": ["a", "b"],
            "keep_alive": "1h",
            "options": {"num_ctx": 2048},
        } == fake.to("/api/embed")[0].body


@pytest.mark.parametrize("kind", EVERY)
async def test_a_missing_model_is_told_with_its_cure(wire: Wire, kind: str) -> None:
    """By who is asked for a vector."""
    async with FakeOllama() as ollama, FakeOpenAI(flavour=Flavour.VLLM) as openai:
        embedder: Embedder = OllamaEmbedder(wire, ollama.url)
        cure = "ollama pull bge-m3"
        if kind == "openai":
            embedder = OpenAIEmbedder(wire, openai.base, "BAAI/bge-m3")
            cure = "hf download BAAI/bge-m3"
        with pytest.raises(ModelMissing) as caught:
            await embedder.embed(TEXTS)
    assert (embedder.model, cure) == (caught.value.model, caught.value.cure)


async def test_a_full_queue_is_unavailable(wire: Wire) -> None:
    """Another may have room."""
    models = Models(("bge-m3",))
    async with FakeOllama(Script(status=503, error=BUSY), models) as fake:
        with pytest.raises(BackendUnavailable, match="server busy"):
            await OllamaEmbedder(wire, fake.url).embed(TEXTS)


async def test_a_server_that_makes_no_vectors_is_unavailable(wire: Wire) -> None:
    """llama.cpp has to be started for it; what it says about that is told."""
    async with FakeOpenAI() as fake:
        fake.embeds = False
        with pytest.raises(BackendUnavailable, match="--embeddings"):
            await OpenAIEmbedder(wire, fake.base, "tiny").embed(TEXTS)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("answer", [None, [], {}, {"embeddings": 1, "data": [{"index": 0}]}])
async def test_an_answer_of_another_shape_is_nonsense(wire: Wire, kind: str, answer: Any) -> None:
    """Whatever it is."""
    said = json.dumps(answer).encode()
    async with RawServer(refusing(200, said)) as server:
        ollama, openai = OllamaEmbedder(wire, server.url), OpenAIEmbedder(wire, server.url, "m")
        with pytest.raises(BackendNonsense):
            await (ollama if kind == "ollama" else openai).embed(TEXTS)


@pytest.mark.parametrize(
    "listed",
    [
        [[1.0]],
        [[1.0], []],
        [[1.0], [0.0, -0.0]],
        [[1.0], ["1"]],
        [[1.0], None],
        [[1.0], [math.nan]],
        [[1.0], [1e300]],
        [[1.0], [10**400]],
        [[1.0], [1.0] * (MOST_NUMBERS + 1)],
    ],
)
def test_what_is_no_vector_is_nonsense(listed: Any) -> None:
    """It would not be found, or could not be stored."""
    with pytest.raises(BackendNonsense):
        floats("Shelf", listed, 2)


@given(st.lists(st.floats(width=32) | st.integers(-9, 9), max_size=9))
def test_what_is_taken_can_be_stored(numbers: Sequence[float]) -> None:
    """Storage takes every vector that is not nonsense."""
    try:
        [vector] = floats("Shelf", [numbers], 1)
    except BackendNonsense:
        with pytest.raises(ValueError, match="vector"):
            vectors.unit(array("f", numbers).tobytes())
    else:
        assert len(numbers) == len(vectors.unit(vector))


def test_the_longest_vector_is_the_longest_that_is_stored() -> None:
    """Two places say it."""
    assert vectors.MOST_NUMBERS == MOST_NUMBERS
