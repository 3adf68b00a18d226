"""Jobs that take long: what they have reached is kept, and one part follows the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import Job, State, Wish
from domain.messages import Attachment, Incoming, Kind
from storage.database import Database
from storage.jobs import Cancelled, Ending, Jobs
from storage.tables import jobs as rows
from tests.storage.workshop import Clock, Talk

HEARD = Attachment(Kind.VOICE, "file", "audio/ogg", 1, 2.5, text="what was said")


def spoken(talk: Talk, chat: int = 1) -> Incoming:
    """A voice note that nobody has heard yet."""
    return replace(talk.says("", chat=chat), attachments=(replace(HEARD, text=""),))


async def started(jobs: Jobs, talk: Talk, chat: int = 1) -> Job:
    """A voice note that is being heard by a worker."""
    await jobs.add([talk.job(spoken(talk, chat), task="hear", pool="hear")])
    [job] = await jobs.claim({"hear": 1}, "w")
    return job


async def understood(jobs: Jobs, job: Job, worker: str = "w") -> bool:
    """Pass a voice note on to whoever answers it."""
    said = replace(job.payload, attachments=(HEARD,))
    return await jobs.pass_on(job.id, worker, task="chat", pool="text", payload=said)


async def state(jobs: Jobs, job: int) -> State | None:
    """Where a job stands."""
    found = await jobs.get(job)
    return found.state if found else None


async def kept(database: Database) -> Sequence[str]:
    """What is written down of all that was reached."""

    async def read(connection: AsyncConnection) -> list[str]:
        return list((await connection.execute(select(rows.c.checkpoint))).scalars())

    return await database.read(read)


async def test_what_a_job_has_reached_survives_a_crash(jobs: Jobs, talk: Talk) -> None:
    """Whoever takes it over goes on from there."""
    job = await started(jobs, talk)
    assert "" == job.checkpoint
    await jobs.save(job.id, "w", "part 1")
    await jobs.save(job.id, "w", "part 2")
    await jobs.recover(["w"])
    [again] = await jobs.claim({"hear": 1}, "new")
    assert ("part 2", 2) == (again.checkpoint, again.attempts)


async def test_what_a_job_has_reached_survives_a_wait(jobs: Jobs, talk: Talk) -> None:
    """A server that fails in the middle costs only the rest."""
    job = await started(jobs, talk)
    await jobs.save(job.id, "w", "part 1")
    await jobs.put_back(job.id, 0, "down", worker="w")
    [again] = await jobs.claim({"hear": 1}, "w")
    assert "part 1" == again.checkpoint


async def test_only_the_worker_that_runs_a_job_says_how_far_it_is(jobs: Jobs, talk: Talk) -> None:
    """Neither one that was taken for dead, nor one that has put it back."""
    job = await started(jobs, talk)
    await jobs.save(job.id, "old", "stolen")
    await jobs.put_back(job.id, 0, "later", worker="w")
    await jobs.save(job.id, "w", "late")
    [again] = await jobs.claim({"hear": 1}, "w")
    assert "" == again.checkpoint


async def test_many_jobs_save_at_once(jobs: Jobs, talk: Talk) -> None:
    """Each gets its own back, and the last word of each counts."""
    ids = [(await started(jobs, talk, chat)).id for chat in range(1, 21)]
    words = [(job, f"{job}: {step}") for step in range(3) for job in ids]
    await asyncio.gather(*(jobs.save(job, "w", word) for job, word in words))
    await jobs.recover(["w"])
    again = await jobs.claim({"hear": 99}, "new")
    assert {job: f"{job}: 2" for job in ids} == {one.id: one.checkpoint for one in again}


async def test_what_was_reached_is_forgotten_at_the_end(
    jobs: Jobs, database: Database, talk: Talk
) -> None:
    """However it ends: it may be long, and nobody goes back to it."""
    first, second = [await started(jobs, talk, chat) for chat in (1, 2)]
    for job in (first, second):
        await jobs.save(job.id, "w", "part 1")
    await jobs.finish(Ending(first.id, "w", State.DONE))
    await jobs.put_back(second.id, 0, "later", worker="w")
    await jobs.cancel_job(second.id, 2)
    assert ["", ""] == await kept(database)


async def test_a_job_that_is_passed_on_begins_anew_as_another(jobs: Jobs, talk: Talk) -> None:
    """It keeps its number, its lane and its answer; nothing is left of the tries before."""
    said = spoken(talk)
    entry = talk.job(said, task="hear", pool="hear", lane="own", answer=77, wish=Wish.LONGER)
    [added] = await jobs.add([entry])
    [job] = await jobs.claim({"hear": 1}, "w")
    await jobs.put_back(job.id, 0, "down", worker="w")
    [job] = await jobs.claim({"hear": 1}, "w")
    await jobs.save(job.id, "w", "part 1")
    assert await understood(jobs, job)
    assert [] == await jobs.claim({"hear": 9}, "w")
    [then] = await jobs.claim({"text": 9}, "other")
    heard = replace(said, attachments=(HEARD,))
    assert Job(added.job, "own", "chat", heard, 1, 77, Wish.LONGER, "text") == then


async def test_nothing_of_the_lane_overtakes_a_job_that_is_passed_on(
    jobs: Jobs, talk: Talk
) -> None:
    """A text behind a voice note waits for both of its parts."""
    job = await started(jobs, talk)
    [behind] = await jobs.add([talk.job()])
    assert await understood(jobs, job)
    [then] = await jobs.claim({"text": 9, "hear": 9}, "w")
    assert job.id == then.id
    assert [] == await jobs.claim({"text": 9, "hear": 9}, "w")
    await jobs.finish(Ending(job.id, "w", State.DONE))
    assert [behind.job] == [one.id for one in await jobs.claim({"text": 9}, "w")]


async def test_only_the_worker_that_runs_a_job_can_pass_it_on(jobs: Jobs, talk: Talk) -> None:
    """Once, and not when it has ended or waits again."""
    job = await started(jobs, talk)
    assert not await understood(jobs, job, "old")
    assert await understood(jobs, job)
    assert not await understood(jobs, job)
    await jobs.claim({"text": 1}, "new")
    assert not await understood(jobs, job)
    await jobs.finish(Ending(job.id, "new", State.DONE))
    assert not await understood(jobs, job, "new")
    assert not await jobs.pass_on(999, "w", task="chat", pool="text", payload=job.payload)


async def test_a_job_that_somebody_stopped_is_not_passed_on(jobs: Jobs, talk: Talk) -> None:
    """It stays with its worker, which ends it."""
    job = await started(jobs, talk)
    assert Cancelled((job.id,), ()) == await jobs.cancel("1", 1)
    assert not await understood(jobs, job)
    assert (State.RUNNING, [job.id]) == (await state(jobs, job.id), await jobs.cancelled("w"))


async def test_a_job_can_be_stopped_between_its_parts(jobs: Jobs, talk: Talk) -> None:
    """There it waits, so it is dropped at once."""
    job = await started(jobs, talk)
    assert await understood(jobs, job)
    assert Cancelled((), (job.id,)) == await jobs.cancel("1", 1)
    assert [] == await jobs.claim({"text": 1}, "w")


async def test_a_stop_at_the_moment_of_passing_on_is_never_lost(jobs: Jobs, talk: Talk) -> None:
    """Whichever is written first: a job is dropped, or its worker learns that it must end it."""
    for chat in range(1, 11):
        job = await started(jobs, talk, chat)
        work = [jobs.cancel(str(chat), chat), understood(jobs, job)]
        await asyncio.gather(*(work if chat % 2 else reversed(work)))
        marked = await jobs.cancelled("w")
        assert [State.RUNNING if job.id in marked else State.DROPPED] == [await state(jobs, job.id)]
        await jobs.finish(Ending(job.id, "w", State.DROPPED))


async def test_a_crash_after_passing_on_repeats_only_the_second_part(
    jobs: Jobs, talk: Talk
) -> None:
    """What was heard is in the job, so nobody hears it again."""
    job = await started(jobs, talk)
    assert await understood(jobs, job)
    await jobs.claim({"text": 1}, "dead")
    await jobs.recover(["w", "dead"])
    [again] = await jobs.claim({"text": 1, "hear": 1}, "new")
    assert ("chat", 2, (HEARD,)) == (again.task, again.attempts, again.payload.attachments)


async def test_other_words_leave_alone_what_was_heard(jobs: Jobs, talk: Talk) -> None:
    """A caption that was edited while its voice note was heard does not undo the hearing."""
    job = await started(jobs, talk)
    assert not await jobs.reword(job.id, "too early")
    assert await understood(jobs, job)
    assert await jobs.reword(job.id, "a caption")
    [then] = await jobs.claim({"text": 1}, "w")
    assert ("a caption", (HEARD,)) == (then.payload.text, then.payload.attachments)


async def test_what_comes_late_does_not_join_what_was_passed_on(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """It has not been heard: it becomes a job of its own."""
    album = {"task": "hear", "pool": "hear", "hold": 1, "join": "album:1"}
    [first] = await jobs.add([talk.job(spoken(talk), **album)])
    clock.now += 1
    [job] = await jobs.claim({"hear": 1}, "w")
    assert await understood(jobs, job)
    await jobs.claim({"text": 1}, "w")
    await jobs.put_back(job.id, clock.now + 2, "busy", worker="w")
    [late] = await jobs.add([talk.job(spoken(talk), **album)])
    assert (False, True) == (late.merged, late.job > first.job)


async def test_all_messages_of_a_job_still_find_it_when_it_was_passed_on(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """Editing or replying works in both of its parts."""
    said = [spoken(talk), spoken(talk)]
    album = {"task": "hear", "pool": "hear", "hold": 1, "join": "album:1"}
    await jobs.add([talk.job(one, **album) for one in said])
    clock.now += 1
    [job] = await jobs.claim({"hear": 1}, "w")
    assert await understood(jobs, job)
    found = [await jobs.find(1, one.message, but="quick") for one in said]
    assert [(job.id, "text")] * 2 == [(one.job.id, one.job.pool) for one in found if one]


async def test_a_job_that_was_passed_on_is_shown_in_its_new_line(jobs: Jobs, talk: Talk) -> None:
    """At once, behind what runs there."""
    await jobs.add([talk.job(talk.says(chat=9))])
    await jobs.claim({"text": 1}, "w")
    job = await started(jobs, talk)
    assert {} == await jobs.position([job.id])
    assert await understood(jobs, job)
    [head] = await jobs.heads(1_000_000.0, 9, but="quick")
    assert (job.id, "text", 1) == (head.job.id, head.job.pool, head.before)
    assert {"text": 1} == await jobs.waiting_by_pool()


async def test_who_was_heard_first_is_answered_first(jobs: Jobs, talk: Talk) -> None:
    """Whichever hearing is over first; and who has had nothing yet goes before all of them."""
    heard = [await started(jobs, talk, chat) for chat in (1, 2, 3, 4)]
    for job in reversed(heard):
        assert await understood(jobs, job)
    [text] = await jobs.add([talk.job(talk.says(chat=5))])
    expected = [text.job, *(job.id for job in heard)]
    assert expected == sorted(expected, key=(await jobs.position(expected)).__getitem__)
    claimed = [(await jobs.claim({"text": 1}, "w"))[0].id for _ in expected]
    assert expected == claimed
