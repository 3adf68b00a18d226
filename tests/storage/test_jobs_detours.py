"""What happens to jobs between their start and their end."""

from __future__ import annotations

import pytest

from domain.jobs import State
from storage.jobs import Cancelled, Ending, Jobs
from tests.storage.workshop import Clock, Talk


async def state(jobs: Jobs, job: int) -> State | None:
    """Where a job stands."""
    found = await jobs.get(job)
    return found.state if found else None


async def test_a_job_that_was_put_back_keeps_its_place(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """It waits before those that came later in its lane, and not before its time."""
    await jobs.add([talk.job(talk.says("first")), talk.job(talk.says("second"))])
    [job] = await jobs.claim({"text": 1}, "w")
    await jobs.put_back(job.id, clock.now + 10, "all are down", worker="w")
    assert [] == await jobs.claim({"text": 9}, "w")
    assert clock.now + 10 == await jobs.next_due()
    clock.now += 10
    [again] = await jobs.claim({"text": 9}, "w")
    assert (job.id, 2) == (again.id, again.attempts)


async def test_a_start_that_did_not_count_is_not_counted(jobs: Jobs, talk: Talk) -> None:
    """Waiting for a server is no failed attempt."""
    await jobs.add([talk.job()])
    for _ in range(3):
        [job] = await jobs.claim({"text": 1}, "w")
        await jobs.put_back(job.id, 0, "busy", worker="w", count_attempt=False)
    [job] = await jobs.claim({"text": 1}, "w")
    assert 1 == job.attempts


async def test_only_the_worker_that_runs_a_job_can_put_it_back(jobs: Jobs, talk: Talk) -> None:
    """A worker that was taken for dead cannot start its job a second time."""
    await jobs.add([talk.job()])
    [job] = await jobs.claim({"text": 1}, "new")
    await jobs.put_back(job.id, 0, "late", worker="old")
    assert State.RUNNING == await state(jobs, job.id)


async def test_a_clock_set_back_does_not_prolong_a_wait(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """Ten seconds are ten seconds at most, whatever the clock says meanwhile."""
    await jobs.add([talk.job()])
    [job] = await jobs.claim({"text": 1}, "w")
    await jobs.put_back(job.id, clock.now + 10, "down", worker="w")
    clock.now -= 3600
    assert [job.id] == [one.id for one in await jobs.claim({"text": 1}, "w")]


async def test_everybody_cancels_only_their_own(jobs: Jobs, talk: Talk) -> None:
    """In a group one person's stop leaves the others' questions alone."""
    people = (1, 2, 1, 2)
    added = await jobs.add([talk.job(talk.says(chat=-5, person=person)) for person in people])
    ids = [one.job for one in added]
    await jobs.claim({"text": 1}, "w")
    assert Cancelled((), (ids[1], ids[3])) == await jobs.cancel("-5", 2)
    assert Cancelled((ids[0],), (ids[2],)) == await jobs.cancel("-5", 1)
    assert [ids[0]] == await jobs.cancelled("w")
    assert [] == await jobs.cancelled("another")
    states = [await state(jobs, job) for job in ids]
    assert [State.RUNNING, State.DROPPED, State.DROPPED, State.DROPPED] == states
    assert Cancelled((), ()) == await jobs.cancel("-6", 1)


async def test_one_job_can_be_cancelled_by_whose_it_is(jobs: Jobs, talk: Talk) -> None:
    """The button under a job works for its owner, and only once it is dropped."""
    [added] = await jobs.add([talk.job(talk.says(chat=-5, person=1))])
    assert Cancelled((), ()) == await jobs.cancel_job(added.job, 2)
    assert Cancelled((), (added.job,)) == await jobs.cancel_job(added.job, 1)
    assert Cancelled((), ()) == await jobs.cancel_job(added.job, 1)


async def test_a_cancelled_job_that_ended_is_nobodys_business(jobs: Jobs, talk: Talk) -> None:
    """Marks go with the job."""
    await jobs.add([talk.job()])
    [job] = await jobs.claim({"text": 1}, "w")
    await jobs.cancel_job(job.id, 1)
    await jobs.finish(Ending(job.id, "w", State.DROPPED, "cancelled"))
    assert [] == await jobs.cancelled("w")


async def test_a_cancelled_job_stays_cancelled_through_a_crash(jobs: Jobs, talk: Talk) -> None:
    """Whoever takes it over learns at once that it should stop."""
    await jobs.add([talk.job()])
    [job] = await jobs.claim({"text": 1}, "old")
    await jobs.cancel_job(job.id, 1)
    assert 1 == await jobs.recover(["old"])
    await jobs.claim({"text": 1}, "new")
    assert [job.id] == await jobs.cancelled("new")


async def test_a_chat_that_nobody_reads_waits_for_nothing(jobs: Jobs, talk: Talk) -> None:
    """All that waits there is dropped; other chats and what runs are left alone."""
    added = await jobs.add([talk.job(talk.says(chat=chat)) for chat in (1, 1, 2)])
    ids = [one.job for one in added]
    await jobs.claim({"text": 1}, "w")
    assert [ids[1]] == await jobs.drop(1)
    assert [] == await jobs.drop(1)
    states = [await state(jobs, job) for job in ids]
    assert [State.RUNNING, State.DROPPED, State.QUEUED] == states


async def test_what_dead_workers_ran_is_run_again_in_its_old_place(jobs: Jobs, talk: Talk) -> None:
    """A crash costs an attempt and no order; living workers keep what they have."""
    said = [talk.says(word, chat=chat) for word, chat in (("a1", 1), ("a2", 1), ("b", 2))]
    await jobs.add([talk.job(one) for one in said])
    dead = await jobs.claim({"text": 1}, "dead")
    alive = await jobs.claim({"text": 1}, "alive")
    assert {"dead", "alive"} == await jobs.running_workers()
    assert 1 == await jobs.recover({"dead", "never there"})
    assert 0 == await jobs.recover([])
    assert {"alive"} == await jobs.running_workers()
    [again] = await jobs.claim({"text": 9}, "new")
    assert (dead[0].id, 2) == (again.id, again.attempts)
    assert alive[0].id != again.id


async def test_old_endings_are_forgotten_and_their_numbers_never_come_again(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """A button that names a forgotten job must not reach a new one."""
    entries = [talk.job(talk.says(chat=n), hold=1, join="paste:1") for n in range(1, 601)]
    parts = [talk.job(talk.says(chat=1), hold=1, join="paste:1")]
    added = await jobs.add([*entries, *parts])
    clock.now += 2
    for job in await jobs.claim({"text": 600}, "w"):
        await jobs.finish(Ending(job.id, "w", State.DONE))
    assert 0 == await jobs.prune(clock.now)
    assert 600 == await jobs.prune(clock.now + 1)
    assert await jobs.get(added[0].job) is None
    assert await jobs.find(1, parts[0].incoming.message) is None
    [fresh] = await jobs.add([talk.job()])
    assert fresh.job > max(one.job for one in added)


async def test_what_waits_or_runs_is_never_forgotten(jobs: Jobs, talk: Talk, clock: Clock) -> None:
    """Pruning looks at endings only."""
    await jobs.add([talk.job(), talk.job()])
    await jobs.claim({"text": 1}, "w")
    assert 0 == await jobs.prune(clock.now + 1e9)
    assert 2 == await jobs.unfinished()


@pytest.mark.parametrize("joined", [False, True])
async def test_a_job_is_found_by_its_messages(
    jobs: Jobs, talk: Talk, clock: Clock, joined: bool
) -> None:
    """Editing any part of a question finds the newest job that it belongs to."""
    first, second = talk.says("a"), talk.says("b")
    hold = {"hold": 1, "join": "paste:1"}
    added = await jobs.add([talk.job(first, **hold), talk.job(second, **hold)])
    message = second.message if joined else first.message
    found = await jobs.find(1, message)
    assert found
    assert (added[0].job, State.QUEUED, "text") == (found.job.id, found.state, found.job.pool)
    [again] = await jobs.add([talk.job(first, answer=added[0].job)])
    found = await jobs.find(1, first.message)
    assert found
    assert (again.job, added[0].job) == (found.job.id, found.job.answer)
    assert await jobs.find(2, message) is None


async def test_a_position_counts_what_runs_and_who_is_served_before(jobs: Jobs, talk: Talk) -> None:
    """The number shown is the number of jobs until one's turn, in the order of the claims."""
    many = [talk.says(f"a{n}", chat=-n, person=1) for n in range(1, 4)]
    other = [talk.says("b", chat=2), talk.says("c", chat=3)]
    added = await jobs.add([talk.job(said) for said in [*many, *other]])
    [running] = await jobs.claim({"text": 1}, "w")
    assert added[0].job == running.id
    ids = [one.job for one in added]
    expected = {ids[1]: 3, ids[2]: 4, ids[3]: 1, ids[4]: 2}
    # The first was served just now, so others go first; their own further ones come last.
    assert expected == await jobs.position([*ids, 999_999])


async def test_a_position_is_never_before_the_lane(jobs: Jobs, talk: Talk) -> None:
    """Behind somebody else's question in a group one waits at least as long as they do."""
    said = [(1, -1), (1, -2), (1, -3), (2, -3), (3, 3)]
    added = await jobs.add([talk.job(talk.says(chat=chat, person=who)) for who, chat in said])
    places = await jobs.position([one.job for one in added])
    assert places[added[3].job] >= places[added[2].job]


async def test_positions_are_counted_in_each_pool(jobs: Jobs, talk: Talk) -> None:
    """A queue for films does not make a text wait."""
    said = [talk.job(talk.says(chat=n), pool=pool) for n, pool in ((1, "film"), (2, "text"))]
    added = await jobs.add(said)
    assert {one.job: 0 for one in added} == await jobs.position([one.job for one in added])


async def test_the_newest_job_of_an_answer_is_found(jobs: Jobs, talk: Talk) -> None:
    """An answer that is made anew has several jobs; the last one says where it stands."""
    [first] = await jobs.add([talk.job()])
    found = await jobs.latest(first.job)
    assert found
    assert first.job == found.job.id
    [second] = await jobs.add([talk.job(answer=first.job)])
    found = await jobs.latest(first.job)
    assert found
    assert (second.job, State.QUEUED) == (found.job.id, found.state)
    assert await jobs.latest(999_999) is None


async def test_a_question_is_not_mistaken_for_what_was_done_about_it(
    jobs: Jobs, talk: Talk
) -> None:
    """A job about the same message in a pool of no interest is passed over."""
    said = talk.says()
    [question] = await jobs.add([talk.job(said)])
    await jobs.add([talk.job(said, pool="acts")])
    found = await jobs.find(1, said.message, but="acts")
    assert found
    assert question.job == found.job.id


async def test_the_heads_of_the_lanes_know_how_many_are_before_them(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """Only who stands at the head of a lane since then is told."""
    said = [talk.says(chat=1), talk.says(chat=1), talk.says(chat=2)]
    added = await jobs.add([talk.job(one) for one in said])
    await jobs.add([talk.job(talk.says(chat=3), pool="film")])
    since = clock.now
    clock.now += 5
    await jobs.add([talk.job(talk.says(chat=4))])
    heads = await jobs.heads(since, 9, but="film")
    assert [(added[0].job, 0), (added[2].job, 1)] == [(one.job.id, one.before) for one in heads]
    assert [added[0].job] == [one.job.id for one in await jobs.heads(since, 1, but="film")]
    assert [] == await jobs.heads(since - 1, 9, but="film")


async def test_an_admin_can_cancel_anybodys_job(jobs: Jobs, talk: Talk) -> None:
    """Nobody in particular is somebody who may stop any."""
    [added] = await jobs.add([talk.job(talk.says(chat=-5, person=1))])
    assert Cancelled((), (added.job,)) == await jobs.cancel_job(added.job, None)


async def test_jobs_are_counted(jobs: Jobs, talk: Talk) -> None:
    """What runs is unfinished and does not wait."""
    await jobs.add([talk.job(talk.says(chat=n)) for n in (1, 2, 3)])
    await jobs.claim({"text": 1}, "w")
    assert (3, {"text": 2}) == (await jobs.unfinished(), await jobs.waiting_by_pool())


async def test_stopping_a_lane_stops_what_has_one_of_its_own_beside_it(
    jobs: Jobs, talk: Talk
) -> None:
    """Pictures wait beside a chat, not in it; commands, topics and other chats are left alone."""
    lanes = [("1!7", "image"), ("1!8", "quick"), ("1:2!9", "image"), ("11!9", "image")]
    entries = [talk.job(lane=lane, pool=pool) for lane, pool in lanes]
    ids = [one.job for one in await jobs.add(entries)]
    assert Cancelled((), (ids[0],)) == await jobs.cancel("1", 1)
