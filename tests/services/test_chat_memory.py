"""Chat: what was said before is folded when it grows too long, and never lost."""

from __future__ import annotations

from typing import Any

import pytest

from domain.answers import Phase, Progress
from domain.errors import NoBackendLeft, TooBig
from tests.fakes.serving import Script
from tests.services.room import SUMMARY, Room


def summarising(room: Room, summary: str = SUMMARY) -> None:
    """Let the model answer questions, and orders to summarise."""

    def words(body: Any) -> str:
        return summary if "Summarise" in body["messages"][0]["content"] else "Fine."

    room.model.script = Script(words)


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
