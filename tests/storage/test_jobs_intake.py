"""What comes is written down once, and what belongs together becomes one job."""

from __future__ import annotations

import asyncio

from domain.jobs import State, Wish
from domain.messages import Incoming, Person, Place
from storage.conversations import Conversations
from storage.database import Database
from storage.intake import Added
from storage.jobs import Jobs
from storage.outbox import Outbox
from storage.people import People
from tests.storage.workshop import Clock, Talk


async def payload(jobs: Jobs, job: int) -> Incoming:
    """What a job says."""
    found = await jobs.get(job)
    assert found
    return found.job.payload


async def test_a_new_job_keeps_all_that_was_said(jobs: Jobs, talk: Talk) -> None:
    """Nothing is lost between the message and the job, not even what no keyboard types."""
    said = talk.shows("file-1", "Привіт 👋🏽 \u202e 'quoted' \n", chat=-100)
    [added] = await jobs.add([talk.job(said, task="look", pool="vision", wish=Wish.LONGER)])
    [job] = await jobs.claim({"vision": 1}, "w")
    assert Added(job.id, fresh=True, merged=False) == added
    assert said == job.payload
    assert ("look", "-100", Wish.LONGER, 1) == (job.task, job.lane, job.wish, job.attempts)
    assert job.id == job.answer


async def test_an_update_is_written_once(jobs: Jobs, talk: Talk) -> None:
    """Telegram may repeat an update; in one batch, in another, at the same moment."""
    first, second = talk.job(update=1), talk.job(update=2)
    added = await jobs.add([first, second, first])
    again = await asyncio.gather(jobs.add([first]), jobs.add([second, first]))
    assert [True, True, False] == [one.fresh for one in added]
    assert [False] * 3 == [one.fresh for batch in again for one in batch]
    assert added[2] == Added(0, fresh=False, merged=False)
    assert 2 == await jobs.unfinished()


async def test_what_has_no_update_is_always_new(jobs: Jobs, talk: Talk) -> None:
    """The bot's own wishes have no update id and are never taken for repetitions."""
    said = talk.says()
    added = await jobs.add([talk.job(said, update=None), talk.job(said, update=None)])
    assert [True, True] == [one.fresh for one in added]


async def test_the_numbers_of_jobs_follow_the_order_of_their_arrival(
    jobs: Jobs, talk: Talk
) -> None:
    """Order in a lane is the order of the batch, also in batches of more than one page."""
    entries = [talk.job(talk.says(str(number))) for number in range(2500)]
    added = await jobs.add(entries)
    numbers = [one.job for one in added]
    assert sorted(numbers) == numbers
    assert "2499" == (await payload(jobs, numbers[-1])).text
    assert "1234" == (await payload(jobs, numbers[1234])).text


async def test_an_album_becomes_one_job(jobs: Jobs, talk: Talk, clock: Clock) -> None:
    """Photos that come one after the other, in one batch or in several, are one question."""
    first, second, third = talk.shows("a"), talk.shows("b", "what?"), talk.shows("c", "and?")
    [one] = await jobs.add([talk.job(first, hold=1, join="album:7")])
    clock.now += 0.5
    two, three = await jobs.add(
        [talk.job(said, hold=1, join="album:7") for said in (second, third)]
    )
    assert Added(one.job, fresh=True, merged=True) == two == three
    clock.now += 0.9
    assert [] == await jobs.claim({"text": 1}, "w")
    clock.now += 0.2
    [job] = await jobs.claim({"text": 1}, "w")
    assert "what?\nand?" == job.payload.text
    assert ["a", "b", "c"] == [one.ref for one in job.payload.attachments]
    assert first.message == job.payload.message


async def test_an_album_that_comes_at_once_becomes_one_job(jobs: Jobs, talk: Talk) -> None:
    """Joining works inside a batch as well, and keeps other lanes apart."""
    entries = [talk.job(talk.shows(ref), hold=1, join="album:7") for ref in "abc"]
    other = talk.job(talk.shows("z", chat=2), hold=1, join="album:7")
    added = await jobs.add([*entries, other])
    assert [False, True, True, False] == [one.merged for one in added]
    assert 2 == len({one.job for one in added})


async def test_a_long_paste_is_joined_without_a_seam(jobs: Jobs, talk: Talk, clock: Clock) -> None:
    """Telegram cuts a long text anywhere, so nothing is put where it was cut."""
    said = [talk.says(text) for text in ("long te", "xt, very", " long")]
    await jobs.add([talk.job(one, hold=1, join="paste:1") for one in said])
    clock.now += 2
    [job] = await jobs.claim({"text": 1}, "w")
    assert "long text, very long" == job.payload.text


async def test_a_hold_that_is_renewed_ends_after_five_seconds(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """Somebody who never stops pasting is answered all the same."""
    for _ in range(7):
        await jobs.add([talk.job(talk.says("x"), hold=1, join="paste:1")])
        clock.now += 0.75
    [job] = await jobs.claim({"text": 1}, "w")
    assert "xxxxxxx" == job.payload.text


async def test_what_comes_too_late_to_join_is_a_job_of_its_own(
    jobs: Jobs, talk: Talk, clock: Clock
) -> None:
    """A job that may be claimed, or is, does not change any more."""
    [first] = await jobs.add([talk.job(talk.says("a"), hold=1, join="paste:1")])
    clock.now += 1
    [second] = await jobs.add([talk.job(talk.says("b"), hold=1, join="paste:1")])
    assert not second.merged
    assert "a" == (await payload(jobs, first.job)).text


async def test_whoever_says_something_is_known(
    jobs: Jobs, database: Database, outbox: Outbox
) -> None:
    """The newest name and language of a person, and the newest message of a chat."""
    for message, name in ((5, "Ann"), (9, "Anna"), (7, "Annie")):
        incoming = Incoming(Place(3), message, Person(3, name, "uk"), "hi")
        await jobs.add([Talk().job(incoming, update=message)])
    assert Person(3, "Annie", "uk") == await People(database).get(3)
    assert {3: 9} == await outbox.newest([3])
    assert "" == await Conversations(database).model("3")


async def test_a_job_may_stand_in_another_lane(jobs: Jobs, talk: Talk) -> None:
    """Work that must not wait for its chat names a lane of its own."""
    await jobs.add([talk.job(), talk.job(lane="film:1")])
    assert ["1", "film:1"] == [job.lane for job in await jobs.claim({"text": 9}, "w")]


async def test_a_waiting_job_can_say_something_else(jobs: Jobs, talk: Talk) -> None:
    """Somebody who edits their question in time gets the answer to the new one."""
    [added] = await jobs.add([talk.job(talk.says("old"))])
    assert await jobs.reword(added.job, "new")
    [job] = await jobs.claim({"text": 1}, "w")
    assert "new" == job.payload.text
    assert not await jobs.reword(added.job, "newer")
    found = await jobs.get(added.job)
    assert found
    assert ("new", State.RUNNING) == (found.job.payload.text, found.state)


async def test_nothing_is_nothing(jobs: Jobs) -> None:
    """An empty batch writes nothing."""
    assert [] == await jobs.add([])
