"""When a backend lets the bot down the next one answers, and the first is taken back when well."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.fakes.openai import FakeOpenAI
from tests.fakes.serving import Script
from tests.program import Program, ollama, running, table, write_config
from tests.program.house import House
from tests.telegram import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID = "The answer of the {} has quite some words in it."


@dataclass(slots=True)
class Three:
    """A program with three backends, in this order."""

    house: House
    first: FakeOllama
    second: FakeOllama
    third: FakeOpenAI

    async def answer(self, zoe: Person) -> str:
        """Ask something and give the whole answer."""
        await zoe.send("Who answers this question today?")
        return str((await zoe.wait_reply(lambda m: m["text"].startswith("The answer")))["text"])

    async def status(self, zoe: Person) -> str:
        """What /status says."""
        await zoe.send("/status")
        return str((await zoe.wait_reply(lambda m: "First" in m["text"]))["text"])

    async def well_again(self, zoe: Person) -> None:
        """Wait until the first is up and has answered, so that nothing is held against it."""
        self.first.script = Script(SAID.format("first"))
        while "🟢 First" not in await self.status(zoe):
            pass
        assert SAID.format("first") == await self.answer(zoe)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chain(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Three]:
    """Two that speak Ollama's protocol and one that speaks OpenAI's."""
    folder = tmp_path_factory.mktemp("chain")
    async with (
        Playground() as play,
        FakeOllama(Script(SAID.format("first"))) as first,
        FakeOllama(Script(SAID.format("second"))) as second,
        FakeOpenAI(Script(SAID.format("third"))) as third,
    ):
        use = "services.backends.openai_compatible:OpenAIChat"
        backends = (
            ollama(first.url, label="First", patience=1.0)
            + ollama(second.url, label="Second")
            + table("chat", use=use, url=third.base, model="tiny", label="Third")
        )
        write_config(folder, play.url, backends)
        async with running(Program(folder, play.url)) as program:
            house = House(play, first, program)
            yield Three(house, first, second, third)
            await house.put_away()


async def breaks_off(fake: FakeOllama) -> None:
    """The connection is cut in the middle of the answer."""
    fake.script.break_after = 4


async def complains(fake: FakeOllama) -> None:
    """The stream ends with a line that tells an error."""
    fake.script.error_after = 4


async def refuses(fake: FakeOllama) -> None:
    """Nobody listens there any more."""
    await fake.stop()


async def is_busy(fake: FakeOllama) -> None:
    """It says that it has too much to do."""
    fake.script.status = 503


async def hangs(fake: FakeOllama) -> None:
    """It takes connections and says nothing at all."""
    fake.script.deaf = True


async def forgets(fake: FakeOllama) -> None:
    """The model has been removed there."""
    fake.models.names = ("another:1b",)


@pytest.mark.parametrize("trouble", [breaks_off, complains, refuses, is_busy, hangs, forgets])
async def test_the_next_one_answers(
    chain: Three, trouble: Callable[[FakeOllama], Awaitable[None]]
) -> None:
    """Whatever is wrong with the first, the second answers, once and whole."""
    zoe = await chain.house.person()
    await trouble(chain.first)
    try:
        assert SAID.format("second") == await chain.answer(zoe)
        said = [one["text"] for one in await zoe.replies()]
        assert [SAID.format("second")] == said
    finally:
        if trouble is refuses:
            await chain.first.start()
        chain.first.models.names = ("phi3.5:3.8b",)
    await chain.well_again(zoe)


async def test_what_is_down_is_said(chain: Three) -> None:
    """/status says who is down; the last in line answers where all others are."""
    zoe = await chain.house.person()
    await chain.first.stop()
    await chain.second.stop()
    try:
        assert SAID.format("third") == await chain.answer(zoe)
        said = await chain.status(zoe)
    finally:
        await chain.first.start()
        await chain.second.start()
    assert "🔴 First — down for" in said
    assert "🔴 Second — down for" in said
    assert "🟢 Third" in said
    await chain.well_again(zoe)


async def test_a_stream_that_breaks_is_not_asked_again_at_once(chain: Three) -> None:
    """The question that is put back in line goes to the next backend, not to the same one."""
    zoe = await chain.house.person()
    chain.first.requests.clear()
    chain.first.script.break_after = 4
    await chain.answer(zoe)
    assert 1 == len(chain.first.to("/api/chat"))
    await chain.well_again(zoe)
