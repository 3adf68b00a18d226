"""The outbox: a row is what one message should say, until Telegram says it."""

from __future__ import annotations

import asyncio

import pytest

from domain.jobs import State
from storage.chats import Chats
from storage.database import Database
from storage.jobs import Ending, Jobs
from storage.outbox import Delivery, Outbox, Row, Sent
from tests.storage.workshop import Clock, Talk


async def answered(jobs: Jobs, talk: Talk, *bodies: str, chat: int = 1) -> list[Row]:
    """The rows of a new answer, waiting."""
    await jobs.add([talk.job(talk.says(chat=chat))])
    [job] = await jobs.claim({"text": 1}, "w")
    return await jobs.finish(Ending(job.id, "w", State.DONE, bodies=bodies or ["a"]))


async def arrived(outbox: Outbox, row: Row, message: int) -> None:
    """A row is sent and arrives."""
    await outbox.mark_sending({row.id: message - 1})
    await outbox.sent([Sent(row.id, row.version, message)])


async def test_a_row_goes_from_waiting_over_sending_to_sent(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """Each step is written down, with the message that it became."""
    [row] = await answered(jobs, talk)
    [marked] = await outbox.mark_sending({row.id: 41})
    assert (Delivery.SENDING, 41, None) == (marked.state, marked.after, marked.message)
    assert [] == await outbox.waiting(9)
    await outbox.sent([Sent(row.id, row.version, 42)])
    assert [] == await outbox.doubtful()
    assert ([42], row.answer) == (
        await outbox.messages_of(row.answer),
        await outbox.answer_of(1, 42),
    )


async def test_a_row_is_taken_by_one_sender(jobs: Jobs, outbox: Outbox, talk: Talk) -> None:
    """Whoever marks a row first sends it; the others learn that it is not theirs."""
    rows = await answered(jobs, talk, "a", "b")
    marks = {row.id: 1 for row in rows}
    taken = await asyncio.gather(*(outbox.mark_sending(marks) for _ in range(3)))
    assert [2, 0, 0] == [len(one) for one in taken]
    assert [] == await outbox.mark_sending(marks)
    assert [] == await outbox.mark_sending({})


async def test_marking_gives_the_newest_text(jobs: Jobs, outbox: Outbox, talk: Talk) -> None:
    """A row that changed after it was read is sent as it is now."""
    [row] = await answered(jobs, talk, "old")
    await jobs.add([talk.job(answer=row.answer)])
    [job] = await jobs.claim({"text": 1}, "w")
    await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["new"]))
    [marked] = await outbox.mark_sending({row.id: 1})
    assert ("new", row.version + 1) == (marked.body, marked.version)


async def test_what_changed_while_it_was_sent_is_edited_afterwards(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """The old text has arrived; the new one waits as an edit of that message."""
    [row] = await answered(jobs, talk, "old")
    await arrived(outbox, row, 42)
    await jobs.add([talk.job(answer=row.answer)])
    [job] = await jobs.claim({"text": 1}, "w")
    await outbox.mark_sending({row.id: 1})
    await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["new"]))
    await outbox.sent([Sent(row.id, row.version, 42)])
    [waiting] = await outbox.waiting(9)
    assert ("new", 42) == (waiting.body, waiting.message)


async def test_rows_wait_in_the_order_of_their_making(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """What was said first is sent first, as many as are asked for."""
    for chat in (3, 1, 2):
        await answered(jobs, talk, f"{chat}a", f"{chat}b", chat=chat)
    expected = ["3a", "3b", "1a", "1b", "2a", "2b"]
    assert expected == [row.body for row in await outbox.waiting(99)]
    assert expected[:4] == [row.body for row in await outbox.waiting(4)]


async def test_a_held_row_is_not_overtaken_in_its_chat(
    jobs: Jobs, outbox: Outbox, talk: Talk, clock: Clock
) -> None:
    """While Telegram makes a chat wait, its messages keep their order; other chats go on."""
    first, second = await answered(jobs, talk, "1a", "1b", chat=1)
    await answered(jobs, talk, "2a", chat=2)
    await outbox.mark_sending({first.id: 0})
    await outbox.failed(first.id, clock.now + 5, "flood", 1)
    assert ["2a"] == [row.body for row in await outbox.waiting(9)]
    assert clock.now + 5 == await outbox.next_due()
    clock.now += 5
    [held, next_one, _] = await outbox.waiting(9)
    assert (first.id, 1, second.id) == (held.id, held.attempts, next_one.id)
    assert await outbox.next_due() is None


async def test_a_clock_set_back_does_not_prolong_a_hold(
    jobs: Jobs, outbox: Outbox, talk: Talk, clock: Clock
) -> None:
    """Five seconds are five seconds at most."""
    [row] = await answered(jobs, talk)
    await outbox.failed(row.id, clock.now + 5, "flood", 1)
    clock.now -= 3600
    assert [row.id] == [one.id for one in await outbox.waiting(9)]


async def test_a_dead_row_is_left_alone(jobs: Jobs, outbox: Outbox, talk: Talk) -> None:
    """What cannot be sent holds nothing up, and comes back by no way round."""
    first, second = await answered(jobs, talk, "a", "b")
    await outbox.dead(first.id, "blocked")
    assert [second.id] == [row.id for row in await outbox.waiting(9)]
    assert [] == await outbox.mark_sending({first.id: 1})
    assert 0 == await outbox.to_waiting([first.id])
    await outbox.failed(first.id, 0, "late", 9)
    assert [second.id] == [row.id for row in await outbox.waiting(9)]


async def test_a_late_failure_does_not_undo_what_has_arrived(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """A message that is there is not sent again."""
    [row] = await answered(jobs, talk)
    await arrived(outbox, row, 7)
    await outbox.failed(row.id, 0, "timeout", 1)
    assert [] == await outbox.waiting(9)


async def test_a_deletion_that_arrived_is_forgotten(jobs: Jobs, outbox: Outbox, talk: Talk) -> None:
    """A deleted message is no part of its answer any more."""
    first, second = await answered(jobs, talk, "a", "b")
    await arrived(outbox, first, 7)
    await arrived(outbox, second, 8)
    await jobs.add([talk.job(answer=first.answer)])
    [job] = await jobs.claim({"text": 1}, "w")
    _, gone = await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["a"], mark_sending_after=8))
    assert (None, 8) == (gone.body, gone.message)
    await outbox.sent([Sent(gone.id, gone.version, 8), Sent(999_999, 1, 9)])
    assert [7] == await outbox.messages_of(first.answer)


async def test_after_a_crash_sends_are_in_doubt_and_edits_are_repeated(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """An edit may be repeated safely; a send may not, unless somebody has looked."""
    [edit] = await answered(jobs, talk, "edit")
    await arrived(outbox, edit, 7)
    await outbox.mark_sending({edit.id: 1})
    await jobs.add([talk.job(answer=edit.answer)])
    [job] = await jobs.claim({"text": 1}, "w")
    await jobs.finish(Ending(job.id, "w", State.DONE, bodies=["new"], mark_sending_after=7))
    [send] = await answered(jobs, talk, "send")
    await outbox.mark_sending({send.id: 8})
    assert [(send.id, 8, True)] == [
        (row.id, row.after, row.in_doubt) for row in await outbox.adopt()
    ]
    assert [edit.id] == [row.id for row in await outbox.waiting(9)]
    assert 1 == await outbox.to_waiting([send.id, edit.id])
    assert [edit.id, send.id] == [row.id for row in await outbox.waiting(9)]
    assert 0 == await outbox.to_waiting([])


async def test_a_live_message_is_opened_once(jobs: Jobs, outbox: Outbox, talk: Talk) -> None:
    """The first to open it sends it; until it has arrived nobody else does; then all may edit."""
    opened = await asyncio.gather(*(outbox.open(5, -1, 3, "live", 40) for _ in range(2)))
    [row] = [one for one in opened if one]
    assert (Delivery.SENDING, 40, 3, "live", 0) == (
        row.state,
        row.after,
        row.topic,
        row.body,
        row.part,
    )
    assert [row] == await outbox.doubtful()
    await outbox.sent([Sent(row.id, row.version, 41)])
    again = await outbox.open(5, -1, 3, "ignored", 50)
    assert again
    assert (row.id, 41, "live") == (again.id, again.message, again.body)


async def test_a_live_message_takes_over_an_answer_that_still_waits(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """What was not sent yet is shown in the place where it would have been."""
    [row] = await answered(jobs, talk, "old")
    await jobs.add([talk.job(talk.says("and now?"), answer=row.answer)])
    live = await outbox.open(row.answer, 1, None, "live", 6)
    assert live
    assert (row.id, "live", row.version + 1) == (live.id, live.body, live.version)
    assert [] == await outbox.mark_sending({row.id: 6})


async def test_all_known_messages_of_a_chat_are_recorded(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """What anybody said and what we sent can not be the message that is looked for."""
    joined = [talk.job(talk.says(text), hold=1, join="paste:1") for text in "ab"]
    await jobs.add(joined)
    heard = {one.incoming.message for one in joined}
    [row] = await answered(jobs, talk, chat=2)
    await arrived(outbox, row, 1000)
    assert heard == await outbox.recorded(1, 0)
    assert {max(heard)} == await outbox.recorded(1, min(heard))
    assert {1000} == await outbox.recorded(2, 999)
    assert set() == await outbox.recorded(3, 0)


async def test_the_newest_message_is_that_of_the_sequence(
    database: Database, outbox: Outbox
) -> None:
    """Private chats and small groups count together, each supergroup by itself."""
    big, other = -1_000_000_000_001, -1_000_000_000_002
    chats = Chats(database)
    await chats.note_messages({1: 10, 2: 30, -5: 20, big: 7})
    await chats.note_messages({2: 25, big: 8})
    await chats.note_messages({})
    assert {1: 30, -5: 30, 999: 30, big: 8, other: 0} == await outbox.newest(
        [1, -5, 999, big, other]
    )
    assert 10 == await chats.newest_message(1)


async def test_what_arrived_counts_as_newest(jobs: Jobs, outbox: Outbox, talk: Talk) -> None:
    """Our own messages take numbers of the sequence as well."""
    rows = await answered(jobs, talk, "a", "b")
    await outbox.mark_sending({row.id: 0 for row in rows})
    await outbox.sent([Sent(row.id, row.version, 500 + row.part) for row in rows])
    assert {1: 501} == await outbox.newest([1])
    await outbox.sent([])


@pytest.mark.parametrize("end", ["sent", "dead"])
async def test_old_rows_are_forgotten(
    jobs: Jobs, outbox: Outbox, talk: Talk, clock: Clock, end: str
) -> None:
    """What was done with long ago goes; what waits stays however old it is."""
    first, second = await answered(jobs, talk, "a", "b")
    if end == "sent":
        await arrived(outbox, first, 7)
    else:
        await outbox.dead(first.id, "blocked")
    assert 0 == await outbox.prune(clock.now)
    assert 1 == await outbox.prune(clock.now + 1)
    assert [second.id] == [row.id for row in await outbox.waiting(9)]


async def test_only_what_the_dead_were_sending_is_taken_up(
    database: Database, jobs: Jobs, talk: Talk
) -> None:
    """Who lives goes on sending undisturbed; what the dead left is taken up once."""
    dying, living, heir = (Outbox(database, sender=name) for name in ("dying", "living", "heir"))
    rows = [row for said in ("a", "b", "c") for row in await answered(jobs, talk, said)]
    await dying.mark_sending({rows[0].id: 1})
    await living.mark_sending({rows[1].id: 1, rows[2].id: 1})
    assert {"dying", "living"} == await heir.senders()
    assert [rows[0].id] == [row.id for row in await heir.adopt({"dying"})]
    assert [] == await heir.adopt({"dying"})
    assert {"heir", "living"} == await heir.senders()
