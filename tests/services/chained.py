"""Chains over fake servers, for the tests of the chain."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field

from domain.answers import Phase
from domain.messages import Role, Turn
from domain.routes import Route
from services.backends.ollama import OllamaChat
from services.chain import Candidate, Chain, Patience, Stage
from services.skills import ChatModel, ChatOptions
from services.wire import Wire
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.serving import Script

TURNS = [Turn(Role.USER, "Hello")]
QUICK = Patience(
    notice_after=0.05,
    look_every=0.05,
    doubt_after=0.2,
    ready_within=0.2,
    probe_first=0.02,
    probe_most=0.1,
)


@dataclass(slots=True)
class Setting:
    """A chain, the servers behind it in order, and what was seen."""

    chain: Chain[ChatModel]
    candidates: list[Candidate[ChatModel]]
    servers: list[FakeOllama]
    wire: Wire
    stages: list[Stage] = field(default_factory=list)

    async def ask(self, route: Route | None = None) -> str:
        """The whole answer."""
        async with aclosing(self.stream(route)) as pieces:
            return "".join([piece async for piece in pieces])

    def stream(self, route: Route | None = None) -> AsyncGenerator[str, None]:
        """The answer in pieces."""

        def call(backend: ChatModel) -> AsyncIterator[str]:
            return backend.stream(TURNS, ChatOptions())

        return self.chain.stream(route or Route(), call, self.stages.append)

    def asked(self) -> list[int]:
        """How many questions each server got."""
        return [len(server.to("/api/chat")) for server in self.servers]

    def up(self) -> list[bool]:
        """Which backends are up."""
        return [one.health.up for one in self.chain.state()]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 (conditions of all kinds, with a deadline)
                await asyncio.sleep(0.005)


async def heard(chain: Chain[ChatModel], route: Route | None = None) -> list[str | Phase]:
    """All that a chain says to a question."""
    async with aclosing(chain.chat(route or Route(), TURNS, ChatOptions())) as stream:
        return [one async for one in stream]


Shape = Callable[[OllamaChat], Candidate[ChatModel]]


def one_place(backend: OllamaChat) -> Candidate[ChatModel]:
    """A local candidate that is busy with one job."""
    return Candidate(backend, slots=1)


def cloud(backend: OllamaChat) -> Candidate[ChatModel]:
    """A candidate off the machine."""
    return Candidate(backend, slots=2, cloud=True)


def crowded(backend: OllamaChat) -> Candidate[ChatModel]:
    """A local candidate with room for many."""
    return Candidate(backend, slots=50)


def plain(backend: OllamaChat) -> Candidate[ChatModel]:
    """A local candidate with two places, for everything."""
    return Candidate(backend, slots=2)


@asynccontextmanager
async def chained(
    *shapes: Shape, patience: Patience = QUICK, look: bool = True
) -> AsyncIterator[Setting]:
    """A chain of as many Ollamas, called a, b, c …; each answers with its name."""
    async with AsyncExitStack() as stack:
        wire = Wire()
        stack.push_async_callback(wire.aclose)
        servers, candidates = list[FakeOllama](), list[Candidate[ChatModel]]()
        for name, shape in zip("abcdef", shapes, strict=False):
            server = FakeOllama(Script(f"I am {name}"), Models(("m",)))
            await stack.enter_async_context(server)
            servers.append(server)
            candidates.append(shape(OllamaChat(wire, server.url, "m", label=name)))
        chain = Chain("chat", candidates, patience, chance=lambda: 0.5)
        setting = Setting(chain, candidates, servers, wire)
        if look:
            await stack.enter_async_context(chain)
            await setting.until(lambda: all(one.models for one in chain.state()))
        yield setting
