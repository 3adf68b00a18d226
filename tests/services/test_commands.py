"""The commands, and what is said to things that are none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from domain.answers import Reply
from domain.messages import Incoming, Person
from services.access import Access
from services.backends.ollama import OllamaChat
from services.candidates import Candidate
from services.chain import Chain
from services.commands import LANGUAGES, Commands, menu
from services.counting import Counting
from services.leaving import Leaving
from services.people import Languages
from services.report import Report
from services.skills import ChatModel
from services.stopping import Stopping
from services.tasks import Answer, Task
from services.wire import Wire
from services.words import LANGUAGES as SPOKEN
from storage.chats import Chats
from storage.documents import Documents
from storage.figures import Figures
from storage.people import People
from tests.fakes.ollama import FakeOllama, Models
from tests.services.chained import QUICK
from tests.services.ground import Ground, until


@dataclass(slots=True)
class Office:
    """The commands over a true chain, and what the worker is told to stop."""

    ground: Ground
    chain: Chain[ChatModel]
    stopped: list[int] = field(default_factory=list)
    languages: Languages = field(init=False)
    chats: Chats = field(init=False)
    tasks: dict[str, Task] = field(init=False)

    def __post_init__(self) -> None:
        ground, database = self.ground, self.ground.database
        self.languages = Languages(People(database), frozenset(SPOKEN))
        self.chats = Chats(database)
        counting = Counting(Figures(database, ground.clock))
        self.tasks = Commands(
            ground.words,
            self.languages,
            ground.conversations,
            Report(ground.jobs, self.chain, counting, lambda: 0),
            Stopping(ground.jobs, Access(), self.stopped.append),
            Leaving(ground.jobs, self.chats),
            Documents(database),
        ).tasks()

    async def answer(self, task: str, said: Incoming | None = None) -> Reply | None:
        """What a command is answered."""
        said = said or self.ground.talk.says()
        lane = f"{said.place.lane}!{said.message}"
        job = await self.ground.begun(said, "quick", task=task, lane=lane)
        *_, end = [step async for step in self.tasks[task].run(job)]
        assert isinstance(end, Answer)
        return end.reply

    async def says(self, task: str, said: Incoming | None = None) -> str:
        """The words of the answer to a command."""
        reply = await self.answer(task, said)
        assert reply is not None
        return reply.text


@pytest.fixture
async def model() -> AsyncIterator[FakeOllama]:
    """A server with two models."""
    async with FakeOllama(models=Models(("phi3.5:3.8b", "qwen3:4b"))) as fake:
        yield fake


@pytest.fixture
async def office(ground: Ground, model: FakeOllama, wire: Wire) -> AsyncIterator[Office]:
    """The commands, with a model that is up."""
    backend: ChatModel = OllamaChat(wire, model.url, "phi3.5:3.8b", label="Kitchen")
    async with Chain("chat", [Candidate(backend, slots=2)], QUICK) as chain:
        await until(lambda: all(one.models for one in chain.state()))
        yield Office(ground, chain)


@pytest.fixture
async def closed_office(ground: Ground, model: FakeOllama, wire: Wire) -> AsyncIterator[Office]:
    """The commands, with a model that is down."""
    await model.stop()
    backend: ChatModel = OllamaChat(wire, model.url, "phi3.5:3.8b", label="Kitchen")
    async with Chain("chat", [Candidate(backend, slots=2)], QUICK) as chain:
        await until(lambda: not chain.state()[0].health.up)
        yield Office(ground, chain)


def labels(reply: Reply | None) -> list[str]:
    """What the buttons say."""
    assert reply is not None
    return [button.label for row in reply.rows for button in row]


async def test_start_greets_by_name_and_lists_the_commands(office: Office) -> None:
    """A newcomer reads who speaks, what can be done now, and how."""
    said = office.ground.talk.says("/start")
    text = await office.says("start", replace(said, person=Person(1, "Zoë", "en")))
    assert text.startswith("Hello, Zoë! ")
    assert "I answer what you write" in text
    assert all(f"/{name} — " in text for name in menu(office.ground.words.speak("en")))


async def test_a_name_is_no_part_of_the_text(office: Office) -> None:
    """A name that looks like a place in a text is said as it stands."""
    said = office.ground.talk.says("/start")
    text = await office.says("start", replace(said, person=Person(1, "{name} {n}", "en")))
    assert text.startswith("Hello, {name} {n}! ")


async def test_start_says_when_nothing_answers(closed_office: Office) -> None:
    """Nobody is invited to ask what nobody can answer."""
    text = await closed_office.says("start")
    assert "None of my models can be reached right now; see /status." in text


async def test_help_tells_the_number_for_the_owners_lists(office: Office) -> None:
    """Whoever wants to be let in elsewhere knows what to give the owner."""
    said = office.ground.talk.says(person=4711, chat=-5)
    assert "`4711`" in await office.says("help", said)


async def test_new_sets_the_conversation_aside(office: Office) -> None:
    """What was said before is not read again; only in this place."""
    talks = office.ground.conversations
    before = await talks.history("1"), await talks.history("1:3")
    await office.says("new")
    after = await talks.history("1"), await talks.history("1:3")
    assert before[0].conversation < after[0].conversation
    assert before[1] == after[1]


async def test_stop_drops_what_waits_and_stops_what_runs(office: Office) -> None:
    """The number of those that never began is said; what runs says itself that it stops."""
    ground = office.ground
    running = await ground.begun(ground.talk.says("one"))
    assert await office.answer("stop") is None
    await ground.added(ground.talk.says("two"))
    assert "Stopped; 1 waiting question was dropped." == await office.says("stop")
    await ground.added(ground.talk.says("three"))
    await ground.added(ground.talk.says("four"))
    assert "Stopped; 2 waiting questions were dropped." == await office.says("stop")
    assert {running.id} == set(office.stopped)


async def test_stop_is_for_ones_own_in_this_place(office: Office) -> None:
    """Somebody else's work, and one's own elsewhere, goes on."""
    ground = office.ground
    await ground.begun(ground.talk.says("theirs", chat=-5, person=2))
    await ground.added(ground.talk.says("mine elsewhere", chat=1))
    asked = ground.talk.says("/stop", chat=-5, person=1)
    assert "There is nothing to stop." == await office.says("stop", asked)
    assert [] == office.stopped


async def test_status_names_the_queue_and_each_backend(office: Office) -> None:
    """What waits, who is up."""
    await office.ground.added(office.ground.talk.says("waits"))
    text = await office.says("status")
    assert "1 question waits." in text
    assert "🟢 **Kitchen** — 2 of 2 places free" in text


async def test_model_offers_what_there_is(office: Office) -> None:
    """One button a model and one for none; the mark shows what holds."""
    assert ["phi3.5:3.8b", "qwen3:4b", "✓ Choose for me"] == labels(await office.answer("model"))


async def test_the_model_that_is_pressed_is_chosen(office: Office) -> None:
    """What a button carries fits into Telegram's 64 bytes and names its model."""
    offered = await office.answer("model")
    assert offered is not None
    acts = [button.act for row in offered.rows for button in row]
    assert all(len(act.encode()) <= 64 for act in acts)
    pressed = office.ground.talk.says(acts[1])
    assert "From now on `qwen3:4b` answers here." == await office.says("choose_model", pressed)
    assert "qwen3:4b" == await office.ground.conversations.model("1")
    assert ["phi3.5:3.8b", "✓ qwen3:4b", "Choose for me"] == labels(await office.answer("model"))


async def test_the_choice_can_be_given_back(office: Office) -> None:
    """`Choose for me` ends it."""
    await office.ground.conversations.choose_model("1", "qwen3:4b")
    await office.says("choose_model", office.ground.talk.says("model:auto"))
    assert "" == await office.ground.conversations.model("1")


async def test_a_model_that_has_gone_cannot_be_chosen(office: Office) -> None:
    """Old menus stay in the chat; what they offered may have been removed."""
    pressed = office.ground.talk.says("model:0123456789ab")
    said = await office.says("choose_model", pressed)
    assert "This model is not there any more; see /model." == said
    assert "" == await office.ground.conversations.model("1")


async def test_model_says_when_there_is_none(closed_office: Office) -> None:
    """No empty menu."""
    reply = await closed_office.answer("model")
    assert Reply("No model can be reached right now; see /status.") == reply


async def test_a_language_is_chosen_and_spoken_at_once(office: Office) -> None:
    """The answer is in the language that was chosen, and so is all from then on."""
    assert list(LANGUAGES.values()) == labels(await office.answer("language"))
    pressed = office.ground.talk.says("language:uk")
    assert "українською" in await office.says("choose_language", pressed)
    assert "uk" == office.languages.of(pressed.person)


async def test_a_language_that_is_not_spoken_is_not_chosen(office: Office) -> None:
    """A made-up button changes nothing."""
    pressed = office.ground.talk.says("language:tlh")
    assert "I will speak English with you." == await office.says("choose_language", pressed)
    assert {} == office.languages.chosen


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("unknown", "I do not know this command."),
        ("unsupported", "I cannot read this yet."),
        ("empty", "What would you like to ask?"),
        ("refuse", "This bot is private. Give its owner your number to be let in: `1`."),
        ("apologise", "Please ask again"),
    ],
)
async def test_what_is_no_question_is_answered_too(office: Office, task: str, words: str) -> None:
    """Nothing that is said to the bot ends in silence."""
    assert words in await office.says(task)


async def test_who_leaves_has_nothing_done_for_them(office: Office) -> None:
    """What waits for a chat that nobody reads is dropped, without a word."""
    number = await office.ground.added(office.ground.talk.says("waits"))
    assert await office.answer("left") is None
    found = await office.ground.jobs.get(number)
    assert found is not None
    assert "dropped" == found.state
    assert await office.chats.blocked(1)


@pytest.mark.parametrize("task", ["start", "help", "new", "stop", "model", "unknown", "refuse"])
async def test_every_answer_is_translated(office: Office, task: str) -> None:
    """In each language that can be chosen a command has words of its own."""
    said = [office.ground.talk.says() for _ in SPOKEN]
    people = [Person(1, "P", language) for language in SPOKEN]
    texts = [
        await office.says(task, replace(one, person=person))
        for one, person in zip(said, people, strict=True)
    ]
    assert len(SPOKEN) == len(set(texts))


async def test_a_command_that_is_stopped_leaves_nothing(office: Office) -> None:
    """It has shown nothing that could stay."""
    job = await office.ground.begun(office.ground.talk.says("/help"), "quick", task="help")
    assert Answer(None) == office.tasks["help"].stopped(job, "")
