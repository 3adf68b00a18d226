"""The chain: who is asked, who comes next, and what is final."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Self

import pytest

from domain.answers import Phase
from domain.errors import (
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    NoBackendLeft,
)
from domain.messages import Turn
from domain.routes import Category, Privacy, Route
from services.backends.ollama import OllamaChat
from services.chain import Candidate, Chain
from services.skills import ChatModel, ChatOptions, Ready
from tests.fakes.raw import RawServer, saying
from tests.fakes.serving import Script
from tests.services.chained import (
    TURNS,
    Setting,
    Shape,
    chained,
    cloud,
    heard,
    plain,
)

CLOUD = Route(privacy=Privacy.CLOUD_ALLOWED)


def only(*categories: Category) -> Shape:
    """A candidate for some categories."""
    return lambda backend: Candidate(backend, slots=2, categories=categories)


async def test_the_first_is_asked_while_it_can() -> None:
    """The order of the configuration counts."""
    async with chained(plain, plain) as setting:
        assert ["I am a"] * 3 == [await setting.ask() for _ in range(3)]


async def break_off(setting: Setting) -> None:
    """A server that dies before it says anything."""
    setting.servers[0].script = Script(break_after=0)


async def refuse(setting: Setting) -> None:
    """A server that is not there."""
    await setting.servers[0].stop()


async def be_full(setting: Setting) -> None:
    """A server that says 503."""
    setting.servers[0].script = Script(status=503)


async def limit(setting: Setting) -> None:
    """A server that says 429."""
    setting.servers[0].script = Script(status=429)


async def lose_the_model(setting: Setting) -> None:
    """A server without the model."""
    setting.servers[0].models.names = ()


async def fail_in_stream(setting: Setting) -> None:
    """A server that says its error in the stream."""
    setting.servers[0].script = Script(error_after=0)


async def hang(setting: Setting) -> None:
    """A server that takes the question and never says anything any more."""
    setting.servers[0].script = Script(deaf=True)


Trouble = Callable[[Setting], Awaitable[None]]
TROUBLES: list[Trouble] = [break_off, refuse, be_full, limit, lose_the_model, fail_in_stream, hang]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_who_cannot_answer_is_followed_by_the_next(trouble: Trouble) -> None:
    """Nobody notices more than a pause."""
    async with chained(plain, plain) as setting:
        await trouble(setting)
        async with asyncio.timeout(10):
            assert "I am b" == await setting.ask()


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_when_nobody_can_answer_every_reason_is_told(trouble: Trouble) -> None:
    """The operator sees what is wrong with each."""
    async with chained(plain, plain) as setting:
        await trouble(setting)
        setting.servers[1].script = Script(status=500, error="out of memory")
        async with asyncio.timeout(10):
            with pytest.raises(NoBackendLeft) as caught:
                await setting.ask()
    assert ["a", "b"] == list(caught.value.reasons)
    assert "500 out of memory" == caught.value.reasons["b"]


async def test_a_refusal_is_final() -> None:
    """The next one would have to refuse it too."""
    async with chained(plain, plain) as setting:
        setting.servers[0].script = Script(status=400, error="bad request")
        with pytest.raises(BackendRejected):
            await setting.ask()
        assert [1, 0] == setting.asked()
        assert [True, True] == setting.up()


@pytest.mark.parametrize("script", [Script("a b c", break_after=2), Script("a b c", error_after=2)])
async def test_once_a_piece_has_come_the_choice_is_final(script: Script) -> None:
    """The start of one answer and the end of another would be no answer."""
    async with chained(plain, plain) as setting:
        setting.servers[0].script = script
        async with aclosing(setting.stream()) as stream:
            assert ["a", " b"] == [await anext(stream), await anext(stream)]
            with pytest.raises(BackendUnavailable):
                await anext(stream)
        assert [1, 0] == setting.asked()


async def test_private_text_does_not_leave_the_machine() -> None:
    """However much the cloud could help."""
    async with chained(plain, cloud) as setting:
        setting.servers[0].script = Script(status=503)
        with pytest.raises(NoBackendLeft) as caught:
            await setting.ask()
        assert [1, 0] == setting.asked()
        assert "off this machine" in caught.value.reasons["b"]
        assert "I am b" == await setting.ask(CLOUD)


async def test_the_category_chooses_who_is_asked() -> None:
    """Who is for all of them is asked in its turn."""
    shapes = only(Category.COMPLEX), only(Category.FAST, Category.DEFAULT), plain
    async with chained(*shapes) as setting:
        asked = {one: await setting.ask(Route(one)) for one in list(Category)[:3]}
    assert {
        Category.FAST: "I am b",
        Category.DEFAULT: "I am b",
        Category.COMPLEX: "I am a",
    } == asked


async def test_a_category_without_anybody_falls_back_to_the_default() -> None:
    """An answer of the ordinary model is better than none; also while the other one is down."""
    shapes = only(Category.COMPLEX), only(Category.DEFAULT)
    async with chained(*shapes) as setting:
        assert "I am b" == await setting.ask(Route(Category.FAST))
        await setting.servers[0].stop()
        assert "I am b" == await setting.ask(Route(Category.COMPLEX))


async def test_a_chosen_model_is_asked_where_it_is() -> None:
    """With and without its tag; nobody has it, then the order counts."""
    async with chained(plain, plain, look=False) as setting:
        setting.servers[1].models.names = ("m", "llava:latest")
        async with setting.chain:
            await setting.until(lambda: len(setting.chain.state()[1].models) == 2)
            assert "I am b" == await setting.ask(Route(model="llava"))
            assert "I am a" == await setting.ask(Route(model="nope"))


async def test_chat_asks_for_the_chosen_model_only_where_it_is() -> None:
    """The others answer with their own, and are not told to load what they do not have."""
    async with chained(plain, plain, look=False) as setting:
        setting.servers[1].models.names = ("m", "llava:7b")
        async with setting.chain:
            await setting.until(lambda: len(setting.chain.state()[1].models) == 2)
            for server in reversed(setting.servers):
                heard = [
                    one
                    async for one in setting.chain.chat(
                        Route(model="llava:7b"), TURNS, ChatOptions()
                    )
                ]
                assert Phase.THINKING in heard
                await server.stop()
    bodies = [server.to("/api/chat")[0].body["model"] for server in setting.servers]
    assert ["m", "llava:7b"] == bodies


async def test_a_missing_chosen_model_says_nothing_of_the_backend() -> None:
    """It was deleted a moment ago; for everybody else the backend is as good as before."""
    async with chained(plain, look=False) as setting:
        setting.servers[0].models.names = ("m", "gone:7b")
        async with setting.chain:
            await setting.until(lambda: len(setting.chain.state()[0].models) == 2)
            setting.servers[0].models.names = ("m",)
            with pytest.raises(NoBackendLeft):
                async for _ in setting.chain.chat(Route(model="gone:7b"), TURNS, ChatOptions()):
                    pass
            assert [True] == setting.up()


async def test_nonsense_is_not_repeated() -> None:
    """It is raised, and counts against the backend."""
    async with chained(plain) as setting, RawServer(saying(b"rubbish\n")) as server:
        strange = OllamaChat(setting.wire, server.url, "m", label="strange")
        chain: Chain[ChatModel] = Chain("chat", [Candidate(strange), *setting.candidates])
        with pytest.raises(BackendNonsense):
            await heard(chain)
        assert 1 == chain.state()[0].record.failures
        assert [0] == setting.asked()


async def test_a_chain_of_nothing_says_so() -> None:
    """A misconfigured bot answers with a reason, too."""
    chain: Chain[ChatModel] = Chain("chat", [])
    with pytest.raises(NoBackendLeft, match="none is configured"):
        async for _ in chain.chat(Route(), TURNS, ChatOptions()):
            pass


async def test_an_empty_answer_is_an_answer() -> None:
    """It is not the chain that judges it."""
    async with chained(plain, plain) as setting:
        setting.servers[0].script = Script("")
        assert "" == await setting.ask()
        assert 1 == setting.chain.state()[0].record.answers


@dataclass
class Words:
    """An iterator of its own, no generator."""

    left: list[str]
    closed: bool = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        if not self.left:
            raise StopAsyncIteration
        return self.left.pop(0)

    async def aclose(self) -> None:
        """Remember it."""
        self.closed = True


@dataclass
class Strange:
    """A backend that somebody else wrote."""

    words: Words
    label: str = "strange"

    async def ready(self) -> Ready:
        """Tell nothing."""
        return Ready()

    def stream(self, turns: Sequence[Turn], options: ChatOptions) -> Words:
        """Say the words."""
        return self.words


async def test_a_stranger_that_is_no_generator_will_do() -> None:
    """A backend may return any iterator; it is closed where it can be, also when it is left."""
    whole, left = Words(["a", "b"]), Words(["a", "b"])
    assert [Phase.THINKING, "a", "b"] == await heard(_only(Strange(whole)))
    async with aclosing(_only(Strange(left)).chat(Route(), TURNS, ChatOptions())) as stream:
        assert [Phase.THINKING, "a"] == [await anext(stream), await anext(stream)]
    assert (True, True) == (whole.closed, left.closed)


def _only(backend: ChatModel) -> Chain[ChatModel]:
    return Chain("chat", [Candidate(backend)])
