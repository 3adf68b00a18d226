"""Conversations: what models are told of what was said before."""

from __future__ import annotations

import pytest

from domain.jobs import State
from domain.messages import Role
from storage.conversations import Conversations, History
from storage.database import Database
from storage.jobs import Ending, Jobs, Said
from tests.storage.workshop import Talk


@pytest.fixture
def conversations(database: Database) -> Conversations:
    """The conversations of the database."""
    return Conversations(database)


async def exchange(jobs: Jobs, talk: Talk, word: str, chat: int = 1) -> int:
    """Ask and answer; the answer's id."""
    await jobs.add([talk.job(talk.says(chat=chat))])
    [job] = await jobs.claim({"text": 1}, "w")
    turns = [Said(Role.USER, f"{word}?", 1), Said(Role.ASSISTANT, f"{word}!", 2)]
    await jobs.finish(Ending(job.id, "w", State.DONE, turns=turns))
    return job.answer


def told(history: History) -> list[str]:
    """What the lines say."""
    return [line.text for line in history.lines]


async def test_a_lane_remembers_its_own_lines(
    jobs: Jobs, conversations: Conversations, talk: Talk
) -> None:
    """In the order of the questions, and nothing of other lanes."""
    await exchange(jobs, talk, "a")
    await exchange(jobs, talk, "x", chat=2)
    answer = await exchange(jobs, talk, "b")
    history = await conversations.history("1")
    assert ["a?", "a!", "b?", "b!"] == told(history)
    last = history.lines[-1]
    assert (Role.ASSISTANT, 2, answer) == (last.role, last.tokens, last.answer)


async def test_an_unknown_lane_has_an_empty_history(conversations: Conversations) -> None:
    """Nobody has to write before they can read."""
    assert History(1, "", "") == await conversations.history("nowhere")
    assert "" == await conversations.model("nowhere")


async def test_the_past_of_an_answer_ends_before_it(
    jobs: Jobs, conversations: Conversations, talk: Talk
) -> None:
    """An answer that is made anew does not know itself, nor what came later."""
    await exchange(jobs, talk, "a")
    answer = await exchange(jobs, talk, "b")
    await exchange(jobs, talk, "c")
    assert ["a?", "a!"] == told(await conversations.history("1", answer))


async def test_a_new_conversation_knows_nothing_of_the_last(
    jobs: Jobs, conversations: Conversations, talk: Talk
) -> None:
    """Whoever begins anew does, summary and all, and keeps their model."""
    await exchange(jobs, talk, "a")
    await conversations.choose_model("1", "big")
    first = await conversations.history("1")
    await conversations.summarise("1", first.conversation, "they spoke of a", first.lines[0].id)
    await conversations.renew("1")
    assert History(2, "", "big") == await conversations.history("1")
    await exchange(jobs, talk, "b")
    assert ["b?", "b!"] == told(await conversations.history("1"))


async def test_a_summary_takes_the_place_of_the_lines(
    jobs: Jobs, conversations: Conversations, talk: Talk
) -> None:
    """What is told in short is not told at length."""
    for word in "abc":
        await exchange(jobs, talk, word)
    history = await conversations.history("1")
    await conversations.summarise("1", 1, "a and b", history.lines[3].id)
    history = await conversations.history("1")
    assert ("a and b", ["c?", "c!"]) == (history.summary, told(history))


async def test_an_older_summary_does_not_replace_a_newer_one(
    jobs: Jobs, conversations: Conversations, talk: Talk
) -> None:
    """A slow summary that comes late is dropped, and so is one of the last conversation."""
    for word in "ab":
        await exchange(jobs, talk, word)
    ids = [line.id for line in (await conversations.history("1")).lines]
    await conversations.summarise("1", 1, "new", ids[3])
    await conversations.summarise("1", 1, "old", ids[1])
    assert "new" == (await conversations.history("1")).summary
    await conversations.renew("1")
    await conversations.summarise("1", 1, "late", ids[3] + 1)
    assert "" == (await conversations.history("1")).summary


async def test_a_lane_can_begin_anew_before_anything_was_said(
    conversations: Conversations,
) -> None:
    """The first thing that somebody sends may be /new, or a choice of model."""
    await conversations.renew("fresh")
    await conversations.choose_model("other", "m")
    assert History(2, "", "") == await conversations.history("fresh")
    assert "m" == await conversations.model("other")


async def test_a_model_is_chosen_and_unchosen(conversations: Conversations) -> None:
    """The last choice counts, an empty one is none."""
    for name in ("a", "b"):
        await conversations.choose_model("1", name)
    assert "b" == await conversations.model("1")
    await conversations.choose_model("1", "")
    assert "" == await conversations.model("1")
