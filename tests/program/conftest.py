"""The running program, with a playground for its Telegram and a fake Ollama for its model."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from playground.server import Playground
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.serving import Script
from tests.program import Program, ollama, running, write_config
from tests.program.house import House, echo

HASTE = """
[answers]
paste_hold_seconds = 0.6
album_hold_seconds = 0.6
"""


@pytest.fixture
async def play() -> AsyncIterator[Playground]:
    """A playground of one's own."""
    async with Playground() as playground:
        yield playground


@pytest.fixture
async def model() -> AsyncIterator[FakeOllama]:
    """A model of one's own, which says what it is told."""
    async with FakeOllama(Script(echo)) as fake:
        yield fake


Make = Callable[..., Program]


@pytest.fixture
def program(tmp_path: Path, play: Playground) -> Make:
    """Make a program with backends and further settings; it does not run yet."""

    def make(backends: str, more: str = "", telegram: str = "") -> Program:
        write_config(tmp_path, play.url, backends, more, telegram)
        return Program(tmp_path, play.url)

    return make


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One program that many tests talk to, each as another person."""
    folder = tmp_path_factory.mktemp("house")
    models = Models(("phi3.5:3.8b", "qwen3:4b"))
    async with Playground() as play, FakeOllama(Script(echo), models) as fake:
        write_config(folder, play.url, ollama(fake.url, label="Kitchen"), HASTE)
        async with running(Program(folder, play.url)) as started:
            yield House(play, fake, started)


@pytest_asyncio.fixture(loop_scope="session")
async def house(shared: House) -> AsyncIterator[House]:
    """The shared program with a model that behaves as usual."""
    shared.model.script = Script(echo)
    shared.model.requests.clear()
    yield shared
    await shared.put_away()
