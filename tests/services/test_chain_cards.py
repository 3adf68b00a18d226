"""Chains at a graphics card: who finds it busy goes elsewhere, or waits and is told for what."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from domain.answers import Phase
from domain.drawing import Settled, Sketch
from domain.pictures import Picture
from domain.routes import Route
from services.backends.ollama import OllamaChat
from services.cards import Cards, Seat
from services.chain import Candidate, Chain, Stage
from services.relief import Relief
from services.skills import ChatModel, ChatOptions, Commission, ImageGenerator
from services.turns import Side, Turns
from services.wire import Wire
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.serving import Script
from tests.program.strange_cameras import Pencil
from tests.services.chained import TURNS, Shape, chained, heard
from tests.services.ground import until


def seat(folder: Path, skill: str) -> Seat:
    """A seat as another process has it."""
    found = Cards(folder, Turns()).seat("card0", skill)
    assert found is not None
    return found


def at(folder: Path) -> Shape:
    """A local candidate at the card."""
    shared = seat(folder, "chat")
    return lambda backend: Candidate(backend, slots=2, seat=shared)


def elsewhere(backend: OllamaChat) -> Candidate[ChatModel]:
    """A local candidate without a card."""
    return Candidate(backend, slots=2)


async def test_who_finds_the_card_busy_is_answered_by_another(tmp_path: Path) -> None:
    """And nobody thinks that somebody waits."""
    film = seat(tmp_path, "video")
    assert film.take(frozenset())
    async with chained(at(tmp_path), elsewhere) as setting:
        assert "I am b" == await setting.ask()
        assert not film.card.files.waits(Side.LIGHT)
        film.give()
        assert "I am a" == await setting.ask()


async def test_who_waits_for_the_card_is_told_so_and_goes_on(tmp_path: Path) -> None:
    """All who wait go on together; the one who had it sees that somebody waits."""
    film = seat(tmp_path, "video")
    assert film.take(frozenset())
    async with chained(at(tmp_path)) as setting:
        asking = [asyncio.create_task(setting.ask()) for _ in range(2)]
        await setting.until(lambda: 2 == setting.stages.count(Stage(Phase.CARD)))
        assert film.card.files.waits(Side.LIGHT)
        assert [0] == setting.asked()
        film.give()
        async with asyncio.timeout(10):
            assert ["I am a"] * 2 == await asyncio.gather(*asking)
        assert not film.card.files.waits(Side.LIGHT)
        assert film.take(frozenset())


async def test_who_gives_up_waiting_waits_no_more(tmp_path: Path) -> None:
    """Else no film would ever begin."""
    film = seat(tmp_path, "video")
    assert film.take(frozenset())
    async with chained(at(tmp_path)) as setting:
        asking = asyncio.create_task(setting.ask())
        await setting.until(lambda: film.card.files.waits(Side.LIGHT))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert not film.card.files.waits(Side.LIGHT)


async def test_those_who_wait_are_served_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    """Who comes when the card has just become free does not overtake."""
    film = seat(tmp_path, "video")
    assert film.take(frozenset())
    shape = at(tmp_path)
    async with chained(lambda backend: replace(shape(backend), slots=1)) as setting:
        served = list[int]()

        async def ask(number: int) -> None:
            await setting.ask()
            served.append(number)

        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(ask(number))
            await setting.until(lambda: 4 == len(setting.stages))
            film.give()
            group.create_task(ask(4))
        assert [0, 1, 2, 3, 4] == served


async def test_an_answer_says_so_before_its_first_piece(tmp_path: Path) -> None:
    """As a phase, for those who show it."""
    film = seat(tmp_path, "video")
    assert film.take(frozenset())
    async with chained(at(tmp_path)) as setting:
        hearing = asyncio.create_task(heard(setting.chain))
        await setting.until(lambda: film.card.files.waits(Side.LIGHT))
        film.give()
        assert Phase.CARD == (await hearing)[0]


@dataclass(slots=True)
class Easel:
    """A chat model and a pencil at one card, as in one process."""

    chat: Chain[ChatModel]
    image: Chain[ImageGenerator]
    model: FakeOllama
    pencil: "Watched"
    room: Path
    stages: list[Stage] = field(default_factory=list)

    async def draw(self) -> list[object]:
        """Have something drawn."""

        async def remember(_ticket: str) -> None:
            """Nothing to remember."""

        async def in_english() -> str:
            pieces = [one for one in await heard(self.chat) if not isinstance(one, Phase)]
            return "".join(pieces)

        wanted = Commission(Sketch("a cat"), self.room, remember, in_english)
        drawing = self.image.stream(Route(), lambda one: one.draw(wanted), self.stages.append)
        async with aclosing(drawing) as steps:
            return [one async for one in steps]


@dataclass(frozen=True, slots=True)
class Watched(Pencil):
    """Notes which models were in memory when it began, and may want its prompt in English."""

    model: FakeOllama | None = None
    seen: list[set[str]] = field(default_factory=list)
    translates: bool = False

    async def draw(self, commission: Commission) -> AsyncGenerator[Settled | Picture, None]:
        """Note it, and draw at once."""
        assert self.model is not None
        self.seen.append(set(self.model.models.loaded))
        prompt = await commission.in_english() if self.translates else "a cat"
        self.seen.append(set(self.model.models.loaded))
        yield Settled(Sketch(prompt))
        yield Picture(commission.room, "image/png", 1, 1)


@pytest.fixture
async def easel(tmp_path: Path, wire: Wire) -> AsyncIterator[Easel]:
    """All of it, over a real Ollama's wire."""
    async with FakeOllama(Script("I am a cat"), Models(("m", "other"))) as model:
        backend = OllamaChat(wire, model.url, "m", label="a")
        relief = Relief({Side.LIGHT: [backend], Side.HEAVY: []})
        cards = Cards(tmp_path / "cards", Turns(), {"card0": relief})
        pencil = Watched(model=model)
        chat = Chain("chat", [Candidate(backend, 2, seat=cards.seat("card0", "chat"))])
        image = Chain("image", [Candidate(pencil, 1, seat=cards.seat("card0", "image"))])
        async with chat, image:
            yield Easel(chat, image, model, pencil, tmp_path)


async def test_before_a_picture_the_models_leave_the_memory(easel: Easel) -> None:
    """Those that people chose, too."""
    assert "I am a cat" in "".join(map(str, await heard(easel.chat)))
    easel.model.models.loaded.add("other:latest")
    drawn = await easel.draw()
    assert isinstance(drawn[-1], Picture)
    assert [set(), set()] == easel.pencil.seen
    assert Phase.CARD not in [one.phase for one in easel.stages]


async def test_a_picture_waits_until_nobody_talks(easel: Easel) -> None:
    """And says so; it begins when the last answer has ended."""
    easel.model.script = Script("a b", hang_after=1)
    async with aclosing(easel.chat.chat(Route(), TURNS, ChatOptions())) as talk:
        async for piece in talk:
            if not isinstance(piece, Phase):
                break
        drawing = asyncio.create_task(easel.draw())
        await until(lambda: Stage(Phase.CARD) in easel.stages)
        assert [] == easel.pencil.seen
    async with asyncio.timeout(10):
        assert isinstance((await drawing)[-1], Picture)


async def test_a_prompt_is_translated_while_its_picture_has_the_card(
    easel: Easel, wire: Wire
) -> None:
    """By the model of the same card, which then leaves the memory again."""
    object.__setattr__(easel.pencil, "translates", True)
    async with asyncio.timeout(10):
        settled = (await easel.draw())[0]
    assert Settled(Sketch("I am a cat")) == settled
    assert [set(), set()] == easel.pencil.seen
