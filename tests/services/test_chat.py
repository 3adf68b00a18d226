"""Chat: a question and what was said before go to a model, its answer streams back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.answers import Draft, Phase, Progress
from domain.errors import NoBackendLeft
from domain.jobs import Wish
from domain.messages import Role
from services.candidates import Candidate
from services.chain import Chain
from services.chat import Manners
from services.skills import ChatModel
from services.tasks import Answer
from services.tokens import estimate
from services.wire import Wire
from storage.jobs import Said
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.serving import Script
from tests.services.chained import QUICK
from tests.services.ground import Ground
from tests.services.room import Room, TinyChat


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
