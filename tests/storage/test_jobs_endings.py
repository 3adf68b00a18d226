"""A job ends once: with its state, its messages and its lines of the conversation."""

from __future__ import annotations

import asyncio

import pytest

from domain.jobs import Job, State
from domain.messages import Role
from storage.conversations import Conversations
from storage.database import Database
from storage.jobs import Ending, Jobs, Said
from storage.outbox import Delivery, Outbox, Row, Sent
from tests.storage.workshop import Clock, Talk


@pytest.fixture
async def job(jobs: Jobs, talk: Talk) -> Job:
    """A running job."""
    await jobs.add([talk.job()])
    [job] = await jobs.claim({"text": 1}, "w")
    return job


def says(rows: list[Row]) -> list[tuple[int, str | None, Delivery, int | None]]:
    """What matters of rows."""
    return [(row.part, row.body, row.state, row.message) for row in rows]


async def again(jobs: Jobs, talk: Talk, answer: int) -> Job:
    """A running job that makes an answer anew."""
    await jobs.add([talk.job(answer=answer)])
    [job] = await jobs.claim({"text": 1}, "w")
    return job


async def test_an_ending_gives_the_rows_to_deliver(jobs: Jobs, outbox: Outbox, job: Job) -> None:
    """Each body is a row, in order, and waits until somebody sends it."""
    rows = await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["a", "b"]))
    expected = [(0, "a", Delivery.WAITING, None), (1, "b", Delivery.WAITING, None)]
    assert expected == says(rows)
    assert rows == await outbox.waiting(9)
    assert {job.id} == {row.answer for row in rows}
    found = await jobs.get(job.id)
    assert found
    assert State.DONE == found.state


async def test_rows_can_leave_the_ending_as_being_sent(
    jobs: Jobs, outbox: Outbox, job: Job
) -> None:
    """The quick way: no second transaction before the message goes out."""
    ending = Ending(job.id, "w", State.DONE, bodies=["a"], mark_sending_after=41)
    [row] = await jobs.finish(ending)
    assert (Delivery.SENDING, 41) == (row.state, row.after)
    assert [] == await outbox.waiting(9)
    assert [row] == await outbox.doubtful()


@pytest.mark.parametrize("worker", ["another", ""])
async def test_only_the_worker_that_runs_a_job_can_end_it(
    jobs: Jobs, outbox: Outbox, job: Job, worker: str
) -> None:
    """A worker that was taken for dead cannot answer a second time."""
    assert [] == await jobs.finish(Ending(job.id, worker, State.DONE, bodies=["a"]))
    assert [] == await outbox.waiting(9)
    assert ["w"] == sorted(await jobs.running_workers())


async def test_a_job_ends_once(jobs: Jobs, outbox: Outbox, job: Job) -> None:
    """Of two endings, even at the same moment, one counts."""
    endings = [Ending(job.id, "w", State.DONE, bodies=[body]) for body in "ab"]
    rows = await asyncio.gather(*(jobs.finish(ending) for ending in endings))
    assert [1, 0] == [len(one) for one in rows]
    assert [] == await jobs.finish(endings[1])
    assert ["a"] == [row.body for row in await outbox.waiting(9)]


async def test_many_endings_at_once_keep_apart(jobs: Jobs, talk: Talk) -> None:
    """Endings that are written together give everybody their own rows."""
    await jobs.add([talk.job(talk.says(str(chat), chat=chat)) for chat in range(1, 51)])
    running = await jobs.claim({"text": 50}, "w")
    results = await asyncio.gather(
        *(
            jobs.finish(Ending(job.id, "w", State.DONE, bodies=[job.payload.text] * 2))
            for job in running
        )
    )
    expected = [[(job.id, part, job.payload.text) for part in (0, 1)] for job in running]
    assert expected == [[(row.answer, row.part, row.body) for row in rows] for rows in results]


async def test_an_answer_made_anew_edits_its_messages(
    jobs: Jobs, outbox: Outbox, talk: Talk, job: Job
) -> None:
    """The second answer takes the messages of the first; what is too much is deleted."""
    first = await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["a", "b", "c"]))
    await outbox.mark_sending({row.id: 0 for row in first})
    await outbox.sent([Sent(row.id, row.version, 10 + row.part) for row in first])
    second = await again(jobs, talk, job.id)
    assert job.id == second.answer
    ending = Ending(second.id, "w", State.DONE, bodies=["new"], mark_sending_after=12)
    rows = await jobs.finish(ending)
    expected = [
        (0, "new", Delivery.SENDING, 10),
        (1, None, Delivery.SENDING, 11),
        (2, None, Delivery.SENDING, 12),
    ]
    assert expected == says(rows)
    await outbox.sent([Sent(row.id, row.version, row.message or 0) for row in rows])
    assert [10] == await outbox.messages_of(job.id)
    assert await outbox.answer_of(1, 11) is None


async def test_parts_that_were_never_sent_are_forgotten(
    jobs: Jobs, outbox: Outbox, talk: Talk, job: Job
) -> None:
    """What nobody has seen need not be deleted."""
    await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["a", "b"]))
    second = await again(jobs, talk, job.id)
    await jobs.finish(Ending(second.id, "w", State.DONE, bodies=["new"]))
    assert [(0, "new", Delivery.WAITING, None)] == says(await outbox.waiting(9))


async def test_parts_can_be_left_alone(jobs: Jobs, outbox: Outbox, talk: Talk, job: Job) -> None:
    """Without replace_parts an ending changes only the parts that it names."""
    await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["a", "b"]))
    second = await again(jobs, talk, job.id)
    await jobs.finish(Ending(second.id, "w", State.DONE, bodies=["c"], replace_parts=False))
    assert ["c", "b"] == [row.body for row in await outbox.waiting(9)]


async def test_a_message_on_its_way_is_not_sent_twice(jobs: Jobs, outbox: Outbox, job: Job) -> None:
    """While a send is in doubt its row only takes the new text, and shows it afterwards."""
    live = await outbox.open(job.id, 1, None, "live", 5)
    assert live
    rows = await jobs.finish(
        Ending(job.id, "w", State.DONE, bodies=["final", "more"], mark_sending_after=6)
    )
    assert [(1, "more", Delivery.SENDING, None)] == says(rows)
    assert [(0, "final", Delivery.SENDING, None), (1, "more", Delivery.SENDING, None)] == says(
        await outbox.doubtful()
    )
    await outbox.sent([Sent(live.id, live.version, 7)])
    assert [(0, "final", Delivery.WAITING, 7)] == says(await outbox.waiting(9))


async def test_a_live_message_becomes_the_answer(jobs: Jobs, outbox: Outbox, job: Job) -> None:
    """The final text edits the message that showed the work."""
    live = await outbox.open(job.id, 1, None, "live", 5)
    assert live
    await outbox.sent([Sent(live.id, live.version, 7)])
    rows = await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["live"]))
    assert [(0, "live", Delivery.WAITING, 7)] == says(rows)


async def test_an_ending_without_words_takes_the_live_message_away(
    jobs: Jobs, outbox: Outbox, job: Job
) -> None:
    """Nothing is left of an answer that says nothing."""
    live = await outbox.open(job.id, 1, None, "live", 5)
    assert live
    await outbox.sent([Sent(live.id, live.version, 7)])
    rows = await jobs.finish(Ending(job.id, "w", State.DROPPED, "cancelled"))
    assert [(0, None, Delivery.WAITING, 7)] == says(rows)


async def test_the_conversation_gains_its_lines_with_the_ending(
    jobs: Jobs, database: Database, talk: Talk, job: Job, clock: Clock
) -> None:
    """Question and answer are known together; an answer made anew replaces its own lines."""
    turns = [Said(Role.USER, "why?", 2), Said(Role.ASSISTANT, "so", 1)]
    await jobs.finish(Ending(job.id, "w", State.DONE, turns=turns))
    second = await again(jobs, talk, job.id)
    await jobs.finish(
        Ending(second.id, "w", State.DONE, turns=[Said(Role.ASSISTANT, "because", 3)])
    )
    lines = (await Conversations(database).history("1")).lines
    expected = [(Role.USER, "why?", 2), (Role.ASSISTANT, "because", 3)]
    assert expected == [(line.role, line.text, line.tokens) for line in lines]


async def test_an_answer_to_a_conversation_that_was_left_stays_out_of_the_new_one(
    jobs: Jobs, database: Database, job: Job
) -> None:
    """Whoever begins anew while an answer is written is not reminded of it."""
    conversations = Conversations(database)
    await conversations.renew("1")
    await jobs.finish(Ending(job.id, "w", State.DONE, turns=[Said(Role.USER, "old", 1)]))
    assert () == (await conversations.history("1")).lines


async def test_a_dead_row_lives_again_with_a_new_answer(
    jobs: Jobs, outbox: Outbox, talk: Talk, job: Job
) -> None:
    """What could not be sent once is tried again when there is something new to say."""
    [row] = await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["a"]))
    await outbox.dead(row.id, "chat not found")
    second = await again(jobs, talk, job.id)
    await jobs.finish(Ending(second.id, "w", State.DONE, bodies=["b"]))
    assert [("b", 0)] == [(one.body, one.attempts) for one in await outbox.waiting(9)]


async def test_what_is_kept_of_a_job_stands_in_it(jobs: Jobs, job: Job) -> None:
    """For those who make something else of it later; its checkpoint is of no use any more."""
    await jobs.save(job.id, "w", "half")
    await jobs.finish(Ending(job.id, "w", State.DONE, kept="a film"))
    found = await jobs.get(job.id)
    assert found
    assert "a film" == found.job.checkpoint
