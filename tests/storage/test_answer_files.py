"""Files of an answer stand above its texts, and are replaced, never changed."""

from __future__ import annotations

from domain.jobs import Job, State
from storage.jobs import Ending, Filed, Jobs
from storage.outbox import Outbox, Row, Sent
from tests.storage.workshop import Talk


def filed(ref: str) -> Filed:
    """The body of a message with a file."""
    return Filed(ref, f'{{"ref":"{ref}"}}')


async def ended(jobs: Jobs, job: Job, *bodies: str | Filed, all_parts: bool = True) -> list[Row]:
    """The rows to deliver when a job ends with these bodies."""
    ending = Ending(
        job.id, "w", State.DONE, bodies=bodies, replace_parts=all_parts, mark_sending_after=5
    )
    return await jobs.finish(ending)


async def begun(jobs: Jobs, talk: Talk, answer: int | None = None) -> Job:
    """A job that runs, perhaps to make an answer anew."""
    await jobs.add([talk.job(talk.says(), answer=answer)])
    [job] = await jobs.claim({"text": 1}, "w")
    return job


async def arrived(outbox: Outbox, rows: list[Row]) -> None:
    """All of them have arrived."""
    await outbox.sent([Sent(row.id, row.version, 100 + row.id) for row in rows])


def numbered(rows: list[Row]) -> list[tuple[int, str | None]]:
    """The part and the body of each row."""
    return [(row.part, row.body) for row in rows]


async def test_files_come_before_the_texts(jobs: Jobs, outbox: Outbox, talk: Talk) -> None:
    """Their numbers are negative, and they are delivered first."""
    rows = await ended(jobs, await begun(jobs, talk), filed("a"), filed("b"), "one", "two")
    assert [-2, -1, 0, 1] == [row.part for row in rows]
    assert sorted(row.id for row in rows) == [row.id for row in rows]


async def test_new_files_take_the_place_of_old_ones(jobs: Jobs, outbox: Outbox, talk: Talk) -> None:
    """What is there is changed first; what is new gets numbers of its own."""
    job = await begun(jobs, talk)
    await arrived(outbox, await ended(jobs, job, filed("a"), filed("b"), "one"))
    rows = await ended(jobs, await begun(jobs, talk, job.answer), filed("b"), filed("c"), "two")
    assert [(-2, None), (0, "two"), (-3, filed("c").body)] == numbered(rows)
    assert 3 == len(await outbox.messages_of(job.answer))


async def test_files_stay_where_only_the_end_is_told(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """An ending that replaces nothing takes no file away."""
    job = await begun(jobs, talk)
    await arrived(outbox, await ended(jobs, job, filed("a"), "one"))
    assert [] == await ended(jobs, await begun(jobs, talk, job.answer), all_parts=False)


async def test_a_file_that_was_never_sent_is_forgotten(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """A row that still waits, or was given up, needs no deletion."""
    job = await begun(jobs, talk)
    dead, waits, text = await ended(jobs, job, filed("a"), filed("b"), "one")
    await outbox.dead(dead.id, "no file")
    await outbox.to_waiting([waits.id])
    await arrived(outbox, [text])
    rows = await ended(jobs, await begun(jobs, talk, job.answer), "two")
    assert [(0, "two")] == numbered(rows)


async def test_a_file_in_doubt_is_deleted_once_it_is_found(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """It may have arrived: whoever sends it learns that nobody wants it any more."""
    job = await begun(jobs, talk)
    sending, text = await ended(jobs, job, filed("a"), "one")
    await arrived(outbox, [text])
    await ended(jobs, await begun(jobs, talk, job.answer), "two")
    await outbox.sent([Sent(sending.id, sending.version, 7)])
    [gone] = [row for row in await outbox.waiting(9) if row.id == sending.id]
    assert (None, 7) == (gone.body, gone.message)


async def test_only_files_that_have_still_to_be_sent_are_named(
    jobs: Jobs, outbox: Outbox, talk: Talk
) -> None:
    """What was sent or given up, and what nobody knows, may be swept."""
    sent, dead, *_ = await ended(
        jobs, await begun(jobs, talk), filed("a1"), filed("b2"), filed("c3"), "a1"
    )
    await arrived(outbox, [sent])
    await outbox.dead(dead.id, "no file")
    assert {"c3"} == await outbox.naming(["a1", "b2", "c3", "d4"])
