"""Buttons under answers and edited questions: what was said is said anew, once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest

from domain.answers import Reply
from domain.jobs import Job, State, Wish
from domain.messages import Incoming, Person
from services.access import Access
from services.categories import Rules
from services.redo import Redo
from services.stopping import Stopping
from storage.jobs import Ending
from tests.services.drawing.easel import changes
from tests.services.ground import ME, Ground

Act = Callable[[Job], Awaitable[Reply | None]]


@dataclass(slots=True)
class Desk:
    """Where buttons are pressed and questions edited, and what the worker is told of it."""

    ground: Ground
    stopped: list[int] = field(default_factory=list)
    quietly: list[int] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)

    async def does(self, task: str, said: Incoming) -> Reply | None:
        """Do what somebody wants; by a job as the intake would make it."""
        job = await self.ground.begun(said, "quick", task=task, lane=f"{said.place.lane}!7")
        reply = await self._acts()[task](job)
        await self.ground.jobs.finish(Ending(job.id, ME, State.DONE))
        return reply

    async def presses(self, data: str, on: Job | None = None, *, who: int = 1) -> Reply | None:
        """Press a button in the chat of a job."""
        place = (on.payload if on else self.ground.talk.says()).place
        return await self.does("press", Incoming(place, 500, Person(who, f"P{who}", "en"), data))

    async def news(self) -> list[Job]:
        """The jobs that came of it, beside those that buttons and edits are themselves."""
        every = await self.ground.every()
        return [one.job for one in every if one.job.task not in ("press", "edited", "halt")]

    def _acts(self) -> dict[str, Act]:
        stopping = Stopping(self.ground.jobs, Access(admins=frozenset({99})), self.stopped.append)
        redo = Redo(
            self.ground.jobs,
            self.ground.outbox,
            Rules(),
            stopping,
            self.ground.words,
            self.quietly.append,
            lambda: self.calls.append(1),
            changes(self.ground),
        )
        return {"press": redo.press, "edited": redo.edited, "halt": redo.halt}


@pytest.fixture
def desk(ground: Ground) -> Desk:
    """A desk over the ground."""
    return Desk(ground)


@pytest.mark.parametrize(
    ("verb", "wish"),
    [
        ("again", Wish.SAME),
        ("shorter", Wish.SHORTER),
        ("longer", Wish.LONGER),
        ("bullets", Wish.BULLETS),
    ],
)
async def test_a_button_asks_the_question_again(
    desk: Desk, ground: Ground, verb: str, wish: Wish
) -> None:
    """The same question takes its turn in its lane and will write into the old answer."""
    asked = await ground.answered(ground.talk.says("Why do bees fly?"), 10)
    assert await desk.presses(f"{verb}:{asked.answer}", asked) is None
    anew = (await desk.news())[-1]
    assert (asked.answer, wish, "1", "chat", asked.payload) == (
        *(anew.answer, anew.wish, anew.lane, anew.task, anew.payload),
    )
    assert [1] == desk.calls


async def test_who_presses_is_who_asks(desk: Desk, ground: Ground) -> None:
    """In a group anybody may ask again; it counts as theirs, and they may stop it."""
    asked = await ground.answered(ground.talk.says("Why?", chat=-5, person=1), 10)
    await desk.presses(f"again:{asked.answer}", asked, who=2)
    assert 2 == (await desk.news())[-1].payload.person.id


async def test_pressing_twice_asks_once(desk: Desk, ground: Ground) -> None:
    """While an answer is made anew its buttons do nothing more."""
    asked = await ground.answered(ground.talk.says("Why?"), 10)
    for verb in ("again", "again", "longer"):
        assert await desk.presses(f"{verb}:{asked.answer}", asked) is None
    assert 2 == len(await desk.news())


async def test_what_is_forgotten_cannot_be_made_anew(desk: Desk) -> None:
    """A button below an answer that is no longer known says so."""
    reply = await desk.presses("again:12345")
    assert Reply("This is too old to be done again.") == reply


async def test_a_button_works_only_in_its_own_chat(desk: Desk, ground: Ground) -> None:
    """A made-up button cannot have an answer in a stranger's chat written anew."""
    theirs = await ground.answered(ground.talk.says("Private?", chat=2), 10)
    reply = await desk.presses(f"again:{theirs.answer}")
    assert Reply("This is too old to be done again.") == reply
    assert 1 == len(await desk.news())


@pytest.mark.parametrize(
    "data",
    [
        *("", "again", "again:", "again:x", "again:-1", "dance:1", ":::"),
        *(f"again:{'9' * 58}", f"stop:{'9' * 58}", f"stop:{2**63 - 1:018}"),
    ],
)
async def test_a_made_up_button_does_nothing(desk: Desk, ground: Ground, data: str) -> None:
    """Modified clients can send any data; nothing of it becomes work."""
    await ground.answered(ground.talk.says("Why?"), 10)
    await desk.presses(data)
    assert 1 == len(await desk.news())


async def test_stop_under_an_answer_stops_it(desk: Desk, ground: Ground) -> None:
    """The answer that is stopped says so itself, so the button does not."""
    job = await ground.begun(ground.talk.says("Tell me all."))
    assert await desk.presses(f"stop:{job.id}", job) is None
    assert [job.id] == desk.stopped
    assert [job.id] == await ground.jobs.cancelled(ME)


async def test_what_waits_is_stopped_with_a_word(desk: Desk, ground: Ground) -> None:
    """A job that never began cannot say that it was stopped."""
    number = await ground.added(ground.talk.says("Later?"))
    assert Reply("Stopped.") == await desk.presses(f"stop:{number}")
    assert [] == desk.stopped
    assert State.DROPPED is (await ground.every())[0].state


async def test_nobody_stops_anothers_answer(desk: Desk, ground: Ground) -> None:
    """Only who asked may stop it, and administrators."""
    job = await ground.begun(ground.talk.says("Tell us.", chat=-5, person=1))
    reply = await desk.presses(f"stop:{job.id}", job, who=2)
    assert Reply("There is nothing to stop.") == reply
    assert [] == desk.stopped
    assert await desk.presses(f"stop:{job.id}", job, who=99) is None
    assert [job.id] == desk.stopped


async def test_telegrams_stop_button_stops_the_draft(desk: Desk, ground: Ground) -> None:
    """The draft is known by its job's number."""
    job = await ground.begun(ground.talk.says("Tell me all."))
    assert await desk.does("halt", replace(job.payload, message=0, text=str(job.id))) is None
    assert [job.id] == desk.stopped


@pytest.mark.parametrize(
    ("data", "task"), [("model:auto", "choose_model"), ("language:uk", "choose_language")]
)
async def test_a_menu_makes_place_for_what_was_chosen(
    desk: Desk, ground: Ground, data: str, task: str
) -> None:
    """The reply to a choice is written into the message that offered it, and waits for nobody."""
    menu = await ground.answered(ground.talk.says("/menu"), 500)
    await desk.presses(data, menu)
    chosen = (await desk.news())[-1]
    assert (task, menu.answer, data) == (chosen.task, chosen.answer, chosen.payload.text)
    assert "1" != chosen.lane


async def test_an_edited_question_that_waits_is_changed(desk: Desk, ground: Ground) -> None:
    """Nothing is done twice: the job itself gets the new words."""
    said = ground.talk.says("2 + 2?")
    number = await ground.added(said)
    await desk.does("edited", replace(said, text="3 + 3?"))
    found = await ground.jobs.get(number)
    assert found is not None
    assert "3 + 3?" == found.job.payload.text
    assert 1 == len(await desk.news())


async def test_an_edited_question_that_is_answered_now_begins_anew(
    desk: Desk, ground: Ground
) -> None:
    """The old work ends unseen, the new one writes into the same answer."""
    job = await ground.begun(ground.talk.says("2 + 2?"))
    await desk.does("edited", replace(job.payload, text="3 + 3?"))
    assert [job.id] == desk.quietly
    anew = (await desk.news())[-1]
    assert (job.answer, "3 + 3?", "1") == (anew.answer, anew.payload.text, anew.lane)
    assert [1] == desk.calls


async def test_an_edited_question_that_was_answered_is_answered_again(
    desk: Desk, ground: Ground
) -> None:
    """The answer follows the question, with nobody to be stopped."""
    asked = await ground.answered(ground.talk.says("2 + 2?"), 10)
    await desk.does("edited", replace(asked.payload, text="3 + 3? " * 300))
    anew = (await desk.news())[-1]
    assert (asked.answer, "chat/complex") == (anew.answer, anew.pool)
    assert [] == desk.quietly


@pytest.mark.parametrize("stored", ["2 + 2?", "2 + 2?\n"])
async def test_an_edit_that_changes_no_word_is_none(
    desk: Desk, ground: Ground, stored: str
) -> None:
    """Telegram also reports as edited what gained a preview; a cut paste ends in white space."""
    asked = await ground.answered(ground.talk.says(stored), 10)
    await desk.does("edited", replace(asked.payload, text="2 + 2?"))
    assert [asked.id] == [one.id for one in await desk.news()]


async def test_an_edit_of_what_was_no_question_is_ignored(desk: Desk, ground: Ground) -> None:
    """A message from before the bot came has no answer to change."""
    assert await desk.does("edited", ground.talk.says("old talk")) is None
    assert [] == await desk.news()
