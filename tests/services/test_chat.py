"""Chat: a question and what was said before go to a model, its answer streams back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.answers import Draft, Phase, Progress
from domain.errors import NoBackendLeft, TooBig
from domain.jobs import Job, State, Wish
from domain.messages import Role
from services.backends.ollama import OllamaChat
from services.candidates import Candidate
from services.categories import Rules
from services.chain import Chain
from services.chat import Chat, Manners
from services.context import Context
from services.skills import ChatModel
from services.tasks import Answer
from services.tokens import estimate
from services.wire import Wire
from storage.conversations import Line
from storage.jobs import Ending, Said
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.serving import Script
from tests.services.chained import QUICK
from tests.services.ground import ME, Ground, until

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SUMMARY = "They spoke of bees."


@dataclass(frozen=True)
class TinyChat(OllamaChat):
    """A model that only shows that the pipe works."""

    demonstration: bool = True


@dataclass(slots=True)
class Room:
    """Where somebody talks with a model, turn by turn."""

    ground: Ground
    model: FakeOllama
    chain: Chain[ChatModel]
    budget: int = 2000
    manners: Manners = field(default_factory=Manners)

    @property
    def chat(self) -> Chat:
        """The task."""
        ground, context = self.ground, Context("You are Hearthbot.", self.budget)
        return Chat(
            self.chain,
            ground.conversations,
            context,
            ground.words,
            self.manners,
            Rules(),
            lambda: NOW,
        )

    async def steps(self, job: Job) -> list[Draft | Progress | Answer]:
        """All that the task says."""
        async with aclosing(self.chat.run(job)) as steps:
            return [step async for step in steps]

    async def answer(self, text: str, **fields: Any) -> Answer:
        """Ask something and keep it in the conversation."""
        job = await self.ground.begun(self.ground.talk.says(text), **fields)
        *_, end = await self.steps(job)
        assert isinstance(end, Answer)
        await self.ground.jobs.finish(Ending(job.id, ME, State.DONE, turns=end.lines))
        return end

    async def said(self, *lines: str) -> None:
        """Fill the conversation: a question and an answer a line."""
        for line in lines:
            job = await self.ground.begun(self.ground.talk.says(line))
            turns = (Said(Role.USER, line, 1), Said(Role.ASSISTANT, f"On {line}", 1))
            await self.ground.jobs.finish(Ending(job.id, ME, State.DONE, turns=turns))

    def read(self, number: int = -1) -> list[str]:
        """What the model got to read, the system's words aside."""
        return [turn["content"] for turn in self._turns(number)[1:]]

    def system(self, number: int = -1) -> str:
        """What the model was told of itself."""
        return str(self._turns(number)[0]["content"])

    async def lines(self) -> tuple[Line, ...]:
        """What the conversation keeps beyond its summary."""
        return (await self.ground.conversations.history("1")).lines

    def _turns(self, number: int) -> list[dict[str, str]]:
        turns: list[dict[str, str]] = self.model.to("/api/chat")[number].body["messages"]
        return turns


@pytest.fixture
async def room(ground: Ground, wire: Wire) -> AsyncIterator[Room]:
    """A room with a model that is up."""
    async with FakeOllama(Script("Fine."), Models(("m", "other"))) as model:
        backend: ChatModel = OllamaChat(wire, model.url, "m", label="Kitchen")
        async with Chain("chat", [Candidate(backend, slots=2)], QUICK) as chain:
            await until(lambda: all(one.models for one in chain.state()))
            yield Room(ground, model, chain)


def summarising(room: Room, summary: str = SUMMARY) -> None:
    """Let the model answer questions, and orders to summarise."""

    def words(body: Any) -> str:
        return summary if "Summarise" in body["messages"][0]["content"] else "Fine."

    room.model.script = Script(words)


async def test_drafts_grow_to_the_answer(room: Room) -> None:
    """Each draft is the whole answer so far; the last thing is the answer itself."""
    room.model.script = Script("Bees fly well.")
    job = await room.ground.begun(room.ground.talk.says("Why?"))
    steps = await room.steps(job)
    drafts = [step.text for step in steps if isinstance(step, Draft)]
    assert ["Bees", "Bees fly", "Bees fly well."] == drafts
    answer = steps[-1]
    assert isinstance(answer, Answer)
    assert answer.reply is not None
    assert "Bees fly well." == answer.reply.text
    assert [("Again", "again:1"), ("Shorter", "shorter:1"), ("Longer", "longer:1")] == [
        (button.label, button.act) for row in answer.reply.rows for button in row
    ]


async def test_the_conversation_gains_question_and_answer(room: Room) -> None:
    """Both are kept with what they cost, and read with the next question."""
    answer = await room.answer("My name is Zoe.")
    costs = estimate("My name is Zoe."), estimate("Fine.")
    expected = Said(Role.USER, "My name is Zoe.", costs[0]), Said(Role.ASSISTANT, "Fine.", costs[1])
    assert expected == answer.lines
    await room.answer("What is my name?")
    assert ["My name is Zoe.", "Fine.", "What is my name?"] == room.read()


async def test_the_model_knows_the_day_and_the_wish(room: Room) -> None:
    """A button's wish reaches the model where it reads who it is."""
    await room.answer("Why?", wish=Wish.SHORTER)
    assert "2026-11-23" in room.system()
    assert "much shorter" in room.system()


async def test_an_answer_made_anew_reads_only_what_was_before(room: Room) -> None:
    """Neither the old answer nor what was said after it is read."""
    await room.answer("one")
    await room.answer("two")
    await room.answer("three")
    await room.answer("two", answer=2)
    assert ["one", "Fine.", "two"] == room.read()


async def test_the_chosen_model_is_asked(room: Room) -> None:
    """A chat's choice holds for its questions."""
    await room.ground.conversations.choose_model("1", "other")
    await room.answer("Hello")
    assert "other" == room.model.to("/api/chat")[-1].body["model"]


async def test_a_question_that_never_fits_is_refused_before_any_work(room: Room) -> None:
    """The person reads what to do; no model is asked."""
    room.budget = 300
    job = await room.ground.begun(room.ground.talk.says("long " * 300))
    with pytest.raises(TooBig, match="Please send less"):
        await room.steps(job)
    assert [] == room.model.to("/api/chat")


async def test_nothing_is_dropped_before_it_is_summarised(room: Room) -> None:
    """When the budget is used up the oldest lines are folded, and the person is told."""
    room.budget = 300
    summarising(room)
    await room.said(*(f"tale {n} " + "of bees " * 8 for n in range(6)))
    before = await room.lines()
    job = await room.ground.begun(room.ground.talk.says("And now?"))
    steps = await room.steps(job)
    assert Progress(Phase.THINKING, "Recalling what we said before…") == steps[0]
    after = await room.lines()
    assert after == before[-len(after) :]
    assert len(before) > len(after)
    gone = before[: len(before) - len(after)]
    assert all(line.text in room.read(0)[0] for line in gone)
    assert [*(line.text for line in after), "And now?"] == room.read()
    assert f"Summary of the conversation so far:\n{SUMMARY}" in room.system()
    assert SUMMARY == (await room.ground.conversations.history("1")).summary


async def test_a_summary_is_kept_and_grows(room: Room) -> None:
    """The next summary is made of the last one and what came after it."""
    room.budget = 300
    summarising(room)
    await room.said(*(f"tale {n} " + "of bees " * 8 for n in range(6)))
    await room.answer("And now?")
    await room.said(*(f"tale {n} " + "of ants " * 8 for n in range(6)))
    asked = len(room.model.to("/api/chat"))
    await room.answer("And then?")
    assert f"Summary so far:\n{SUMMARY}" in room.read(asked)[0]


@pytest.mark.parametrize("words", ["", "<think>hm</think>", "  \n"])
async def test_an_empty_summary_replaces_nothing(room: Room, words: str) -> None:
    """A model that has nothing to say does not wipe out what was said."""
    room.budget = 300
    summarising(room, words)
    await room.said(*(f"tale {n} " + "of bees " * 8 for n in range(6)))
    before = await room.lines()
    await room.answer("And now?")
    assert before == (await room.lines())[: len(before)]
    assert "" == (await room.ground.conversations.history("1")).summary


async def test_a_summary_that_fails_drops_nothing(room: Room) -> None:
    """The question goes back in line, and everything is there when it comes again."""
    room.budget = 300
    await room.said(*(f"tale {n} " + "of bees " * 8 for n in range(6)))
    before = await room.lines()
    room.model.script = Script(status=503)
    job = await room.ground.begun(room.ground.talk.says("And now?"))
    with pytest.raises(NoBackendLeft):
        await room.steps(job)
    assert before == await room.lines()


async def test_a_question_may_need_the_place_of_the_summary(room: Room) -> None:
    """What fits alone is answered, even where no word of before fits beside it."""
    room.budget = 300
    await room.said("tale")
    [*_, last] = await room.lines()
    await room.ground.conversations.summarise("1", 1, "long ago " * 60, last.id)
    await room.answer("why? " * 130)
    assert ["why? " * 130] == room.read()
    assert "Summary" not in room.system()
    assert 1 == len(room.model.to("/api/chat"))


async def test_thoughts_are_not_part_of_the_answer(room: Room) -> None:
    """While a model thinks, that is what is shown; its thoughts stay out of the conversation."""
    room.model.script = Script("<think>They ask of bees.</think>They fly.")
    job = await room.ground.begun(room.ground.talk.says("Why?"))
    steps = await room.steps(job)
    assert Progress(Phase.THINKING, "Thinking…") in steps
    assert "They fly." == next(step.text for step in reversed(steps) if isinstance(step, Draft))
    answer = steps[-1]
    assert isinstance(answer, Answer)
    assert answer.reply is not None
    assert ("They fly.", "") == (answer.reply.text, answer.reply.thoughts)
    assert "They fly." == answer.lines[1].text


async def test_thoughts_are_shown_where_the_owner_wants_it(room: Room) -> None:
    """Then they come with the answer, apart from it."""
    room.manners = Manners(show_thoughts=True)
    room.model.script = Script("<think>They ask of bees.</think>They fly.")
    answer = await room.answer("Why?")
    assert answer.reply is not None
    assert ("They fly.", "They ask of bees.") == (answer.reply.text, answer.reply.thoughts)


@pytest.mark.parametrize("words", ["", " \n ", "<think>Hm.</think>"])
async def test_a_model_that_says_nothing_is_told_of(room: Room, words: str) -> None:
    """An empty answer is never sent, and the conversation does not keep it."""
    room.model.script = Script(words)
    answer = await room.answer("Why?")
    assert answer.reply is not None
    assert answer.reply.plain
    assert answer.reply.text.startswith("The model had nothing to say to this.")
    assert () == answer.lines


async def test_what_was_written_stays_when_it_is_stopped(room: Room) -> None:
    """The conversation keeps it too, without the note."""
    job = await room.ground.begun(room.ground.talk.says("Tell me all."))
    answer = room.chat.stopped(job, "Once upon")
    assert answer.reply is not None
    assert "Once upon\n\n_Stopped._" == answer.reply.text
    assert ["Tell me all.", "Once upon"] == [line.text for line in answer.lines]
    assert 3 == len(answer.reply.rows[0])


async def test_a_stop_before_the_first_word_is_said(room: Room) -> None:
    """There is nothing to keep, and still something to see."""
    job = await room.ground.begun(room.ground.talk.says("Tell me all."))
    answer = room.chat.stopped(job, "")
    assert ("Stopped.", ()) == (answer.reply and answer.reply.text, answer.lines)


async def test_who_waits_hears_it_in_their_language(room: Room) -> None:
    """Notes and buttons are in the language of who asked."""
    said = room.ground.talk.says("Чому?")
    theirs = replace(said, person=replace(said.person, language="uk"))
    answer = room.chat.stopped(await room.ground.begun(theirs), "")
    assert answer.reply is not None
    assert "Stopped." != answer.reply.text


async def test_the_conversation_of_a_demonstration_is_marked(ground: Ground, wire: Wire) -> None:
    """Whoever reads what a tiny model says is told where a better one is found."""
    async with FakeOllama(Script("Fine."), Models(("m",))) as model:
        tiny: ChatModel = TinyChat(wire, model.url, "m", label="Tiny")
        async with Chain("chat", [Candidate(tiny)], QUICK) as chain:
            room = Room(ground, model, chain)
            answer = await room.answer("Hello")
    assert answer.reply is not None
    assert answer.reply.text.startswith("Fine.\n\n_Demonstration model")
    assert "Fine." == answer.lines[1].text


async def test_nobody_is_no_demonstration(room: Room) -> None:
    """Where all are down no answer can be a demonstration's."""
    await room.model.stop()
    job = await room.ground.begun(room.ground.talk.says("Hello"))
    with pytest.raises(NoBackendLeft):
        await room.steps(job)
    assert [False] == [one.health.up for one in room.chain.state()]
    assert not room.chain.demonstrates()
