"""What every chat backend does, whoever stands behind it: the fakes and a true engine alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from domain.errors import ContextOverflow
from domain.messages import Role, Turn
from services.backends.embedded_llama import EmbeddedLlamaChat
from services.backends.ollama import OllamaChat
from services.backends.openai_compatible import OpenAIChat
from services.skills import ChatOptions, Usage
from services.wire import Wire
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.openai import FakeOpenAI, Flavour
from tests.fakes.serving import SMALL_TALK, Fake, pieces_of
from tests.services.backends.conftest import HELLO, heard, true_engine

# one engine serves all its tests, so they share a loop
pytestmark = pytest.mark.asyncio(loop_scope="module")

ENGINE = pytest.param("engine", marks=pytest.mark.engine)
TALE = "Write a very long tale about a lighthouse keeper, with all details you can think of."


@dataclass(frozen=True, slots=True)
class Served:
    """A backend and the server behind it; the true engine has no fake."""

    backend: OllamaChat | OpenAIChat | EmbeddedLlamaChat
    fake: Fake | None
    context: int


@pytest_asyncio.fixture(
    params=["ollama", *Flavour, ENGINE], ids=str, scope="module", loop_scope="module"
)
async def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """Each kind of server in turn."""
    wire = Wire()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(wire.aclose)
        yield await begin(request.param, wire, stack, tmp_path_factory.mktemp("data"))


async def begin(kind: str, wire: Wire, stack: AsyncExitStack, data_dir: Path) -> Served:
    """A server of this kind, with a small context."""
    if kind == "engine":
        return Served(await stack.enter_async_context(true_engine(wire, data_dir)), None, 512)
    if kind == "ollama":
        ollama = FakeOllama(models=Models(context=2000))
        await stack.enter_async_context(ollama)
        return Served(OllamaChat(wire, ollama.url, num_ctx=2000), ollama, 2000)
    openai = FakeOpenAI(flavour=Flavour(kind))
    await stack.enter_async_context(openai)
    openai.context = 2000
    return Served(OpenAIChat(wire, openai.base, "tiny"), openai, 2000)


async def test_an_answer_comes_in_pieces(served: Served) -> None:
    """It can be shown while it is written."""
    pieces = await heard(served.backend, ChatOptions(max_tokens=40))
    assert len(pieces) > 1
    assert all(pieces)
    if served.fake is not None:
        assert pieces_of(SMALL_TALK) == pieces


async def test_what_an_answer_cost_is_told_once_and_before_its_end(served: Served) -> None:
    """The caller settles the quota with it."""
    told: list[Usage] = []
    options = ChatOptions(max_tokens=8, usage=told.append)
    async with aclosing(served.backend.stream(HELLO, options)) as pieces:
        async for _ in pieces:
            pass
    assert 1 == len(told)
    assert told[0].read > 0
    assert told[0].written > 0


async def test_a_conversation_that_is_too_long_is_told_apart(served: Served) -> None:
    """It can be shortened, so it is no ordinary refusal."""
    turns = [Turn(Role.USER, "word " * 1000)]
    with pytest.raises(ContextOverflow) as caught:
        async for _ in served.backend.stream(turns, ChatOptions()):
            pass
    assert served.context == caught.value.limit


async def test_a_stream_that_is_left_frees_the_server(served: Served) -> None:
    """Generating for nobody would keep the only place."""
    options = ChatOptions(max_tokens=450)
    if served.fake is not None:
        served.fake.script.hang_after = 1
    async with asyncio.timeout(60):
        async with aclosing(served.backend.stream([Turn(Role.USER, TALE)], options)) as pieces:
            await anext(pieces)
        if served.fake is not None:
            await served.fake.requests[-1].left.wait()
            served.fake.script.hang_after = None
        assert await heard(served.backend, ChatOptions(max_tokens=4))


async def test_several_may_ask_at_once(served: Served) -> None:
    """Answers do not mix."""
    async with asyncio.timeout(60):
        answers = await asyncio.gather(
            *(heard(served.backend, ChatOptions(max_tokens=6)) for _ in range(3))
        )
    assert all(answers)


async def test_it_says_of_itself_what_it_has(served: Served) -> None:
    """A model where the server tells, and no trouble where it does not."""
    await heard(served.backend, ChatOptions(max_tokens=2))
    ready = await served.backend.ready()
    assert ready.models in {(), (served.backend.model,)}


async def test_its_label_names_it_for_the_operator(served: Served) -> None:
    """The text appears in errors and in /status."""
    assert served.backend.label
    assert "key" not in repr(served.backend)
