"""A live message belongs to one program at a time, and nothing of it outlives its answer."""

from __future__ import annotations

import pytest

from domain.jobs import Job, State
from storage.database import Database
from storage.jobs import Ending, Filed, Jobs
from storage.outbox import Delivery, Outbox, Row, Sent
from tests.storage.workshop import Clock, Talk

FILE = Filed("a", '{"ref":"a"}')


@pytest.fixture
def listener(database: Database, clock: Clock) -> Outbox:
    """The outbox as another program has it, which runs no jobs."""
    return Outbox(database, clock, "listener")


async def queued(jobs: Jobs, talk: Talk, answer: int | None = None) -> int:
    """A job in line."""
    [added] = await jobs.add([talk.job(talk.says(), answer=answer)])
    assert added.job
    return added.job


async def claimed(jobs: Jobs) -> Job:
    """The next job, which runs from now on."""
    [job] = await jobs.claim({"text": 1}, "w")
    return job


async def shown(outbox: Outbox, answer: int, message: int = 41) -> Row:
    """A live message that has arrived, or is taken over."""
    row = await outbox.open(answer, 1, None, "live", message - 1)
    assert row
    if row.message is None:
        await outbox.sent([Sent(row.id, row.version, message)])
    return row


async def test_the_last_to_open_it_holds_it(
    jobs: Jobs, outbox: Outbox, listener: Outbox, talk: Talk
) -> None:
    """While it waits in line anybody may; who had it before learns that it is gone."""
    number = await queued(jobs, talk)
    first = await shown(listener, number)
    assert await listener.holds(first)
    second = await shown(outbox, number)
    assert (first.id, 41) == (second.id, second.message)
    assert [False, True] == [await listener.holds(first), await outbox.holds(second)]


async def test_only_who_works_on_an_answer_shows_it(
    jobs: Jobs, outbox: Outbox, listener: Outbox, talk: Talk
) -> None:
    """A program that still believes it to be in line does not get it any more."""
    number = await queued(jobs, talk)
    first = await shown(listener, number)
    await claimed(jobs)
    assert await listener.open(number, 1, None, "live", 50) is None
    assert await listener.holds(first)
    await shown(outbox, number)
    assert not await listener.holds(first)


async def test_after_the_end_nobody_gets_it(
    jobs: Jobs, outbox: Outbox, listener: Outbox, talk: Talk
) -> None:
    """Neither who worked on it nor anybody else; the end counts as a change."""
    number = await queued(jobs, talk)
    await claimed(jobs)
    row = await shown(outbox, number)
    await jobs.finish(Ending(number, "w", State.DONE, bodies=["end"]))
    assert not await outbox.holds(row)
    assert await outbox.open(number, 1, None, "live", 50) is None
    assert await listener.open(number, 1, None, "live", 50) is None


async def test_the_end_is_shown_again_over_a_late_frame(
    jobs: Jobs, outbox: Outbox, listener: Outbox, talk: Talk
) -> None:
    """Once it has arrived, or as an edit after it where it is still on its way."""
    number = await queued(jobs, talk)
    await claimed(jobs)
    row = await shown(outbox, number)
    [end] = await jobs.finish(
        Ending(number, "w", State.DONE, bodies=["end"], mark_sending_after=50)
    )
    await listener.put_right(row.id)
    assert [] == await outbox.waiting(9)
    await outbox.sent([Sent(end.id, end.version, 41)])
    [again] = await outbox.waiting(9)
    await outbox.mark_sending({again.id: 60})
    await outbox.sent([Sent(again.id, again.version, 41)])
    assert [] == await outbox.waiting(9)
    await listener.put_right(row.id)
    assert ["end"] == [one.body for one in await outbox.waiting(9)]


async def test_nothing_is_put_right_before_the_end(
    jobs: Jobs, outbox: Outbox, listener: Outbox, talk: Talk
) -> None:
    """Whoever has the message shows what comes next; what is gone needs nothing."""
    row = await shown(listener, await queued(jobs, talk))
    await listener.put_right(row.id)
    await listener.put_right(row.id + 99)
    assert [] == await outbox.waiting(9)


async def test_an_edit_under_way_comes_first(jobs: Jobs, outbox: Outbox, talk: Talk) -> None:
    """An answer that is made anew is shown when what it says already has been delivered."""
    number = await queued(jobs, talk)
    await claimed(jobs)
    await shown(outbox, number)
    [end] = await jobs.finish(Ending(number, "w", State.DONE, bodies=["end"]))
    await queued(jobs, talk, number)
    assert await outbox.open(number, 1, None, "live", 50) is None
    await outbox.mark_sending({end.id: 50})
    await outbox.sent([Sent(end.id, end.version, 41)])
    assert await outbox.open(number, 1, None, "live", 50)


async def test_a_job_dropped_in_line_takes_its_message_along(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """Whether it has arrived, is on its way, or was never sent."""
    arrived, under_way, waiting = [await queued(jobs, talk) for _ in range(3)]
    await shown(outbox, arrived)
    sending = await outbox.open(under_way, 1, None, "live", 42)
    never = await outbox.open(waiting, 1, None, "live", 43)
    assert sending
    assert never
    await outbox.to_waiting([never.id])
    assert {arrived, under_way, waiting} == set((await jobs.cancel("1", 1)).dropped)
    assert [(41, None)] == [(row.message, row.body) for row in await outbox.waiting(9)]
    await outbox.sent([Sent(sending.id, sending.version, 44)])
    assert {(41, None), (44, None)} == {(one.message, one.body) for one in await outbox.waiting(9)}


async def test_an_earlier_answer_is_shown_again_when_its_second_try_is_dropped(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """Its place in line may have been written over it."""
    number = await queued(jobs, talk)
    await claimed(jobs)
    [end] = await jobs.finish(Ending(number, "w", State.DONE, bodies=["end"]))
    await outbox.mark_sending({end.id: 40})
    await outbox.sent([Sent(end.id, end.version, 41)])
    anew = await queued(jobs, talk, number)
    await shown(outbox, number)
    await jobs.cancel_job(anew, 1)
    assert [(41, "end")] == [(row.message, row.body) for row in await outbox.waiting(9)]


async def test_a_live_message_goes_after_the_file_has_arrived(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """It is not among what is delivered with it, and waits as long as the file may yet come."""
    number = await queued(jobs, talk)
    await claimed(jobs)
    await shown(outbox, number)
    [file] = await jobs.finish(
        Ending(number, "w", State.DONE, bodies=[FILE], mark_sending_after=50)
    )
    assert (-1, Delivery.SENDING) == (file.part, file.state)
    assert [] == await outbox.waiting(9)
    await outbox.to_waiting([file.id])
    assert [file.id] == [row.id for row in await outbox.waiting(9)]
    await outbox.mark_sending({file.id: 50})
    await outbox.sent([Sent(file.id, file.version, 51)])
    [gone] = await outbox.waiting(9)
    assert (41, None) == (gone.message, gone.body)
    await outbox.mark_sending({gone.id: 51})
    await outbox.sent([Sent(gone.id, gone.version, 41)])
    assert [51] == await outbox.messages_of(number)


async def test_a_live_message_goes_where_the_file_never_will(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """It does not wait for what was given up."""
    number = await queued(jobs, talk)
    await claimed(jobs)
    await shown(outbox, number)
    [file] = await jobs.finish(
        Ending(number, "w", State.DONE, bodies=[FILE], mark_sending_after=50)
    )
    await outbox.dead(file.id, "no file")
    assert [(41, None)] == [(row.message, row.body) for row in await outbox.waiting(9)]


async def test_other_words_under_the_same_file_are_an_edit(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """The same words are none."""
    number = await queued(jobs, talk)
    await claimed(jobs)
    [file] = await jobs.finish(
        Ending(number, "w", State.DONE, bodies=[FILE], mark_sending_after=50)
    )
    await outbox.sent([Sent(file.id, file.version, 51)])
    for body, edits in ((FILE.body, []), ('{"ref":"a","text":"b"}', [(51, file.id)])):
        anew = await queued(jobs, talk, number)
        await claimed(jobs)
        rows = await jobs.finish(
            Ending(anew, "w", State.DONE, bodies=[Filed("a", body)], mark_sending_after=60)
        )
        assert edits == [(row.message, row.id) for row in rows]
