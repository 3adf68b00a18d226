"""The worker: stopped, drained, cancelled, and short of places."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from domain.answers import Reply
from domain.jobs import Job, State
from services.tasks import Answer, Step
from tests.services.ground import ME, Ground, until
from tests.services.shop import (
    WRITTEN,
    Player,
    Room,
    Shop,
    TrueClock,
    answers,
    hangs,
)


async def test_what_is_stopped_keeps_what_was_written(ground: Ground) -> None:
    """The end says so, and it comes after the screen was closed."""
    shop = Shop(ground, Player(hangs))
    async with shop.open():
        number = await shop.gets()
        await until(
            lambda: [WRITTEN] == [one for s in shop.stage.screens.get(number, ()) for one in s.seen]
        )
        shop.worker.stop(number)
        assert State.DROPPED is (await shop.ended(number)).state
        await until(lambda: bool(shop.stage.rows))
    assert ["stopped at 'Once'"] == shop.stage.said()
    assert ["Once"] == [line.text for line in (await ground.conversations.history("1")).lines]


async def test_what_is_stopped_quietly_leaves_the_old_answer(ground: Ground) -> None:
    """A question that was edited is answered by another job; this one ends unseen."""
    shop = Shop(ground, Player(hangs))
    async with shop.open():
        number = await shop.gets()
        await until(lambda: shop.task.starts == 1)
        shop.worker.stop(number, quietly=True)
        assert State.DROPPED is (await shop.ended(number)).state
    assert [] == shop.stage.rows


async def test_a_stop_before_the_first_step_counts(ground: Ground) -> None:
    """Between the claim and the work there is a moment; a stop in it is not lost."""
    shop = Shop(ground, Player(answers))
    gate, reached = asyncio.Event(), asyncio.Event()

    async def hold(_job: int) -> None:
        reached.set()
        await gate.wait()

    shop.worker.before_start = hold
    async with shop.open():
        number = await shop.gets()
        await reached.wait()
        shop.worker.stop(number)
        gate.set()
        assert State.DROPPED is (await shop.ended(number)).state
        await until(lambda: bool(shop.stage.rows))
    assert ["stopped at ''"] == shop.stage.said()
    assert 0 == shop.task.starts


async def test_a_stop_of_what_runs_elsewhere_changes_nothing(ground: Ground) -> None:
    """The number may be another worker's, or nobody's."""
    shop = Shop(ground, Player(answers))
    async with shop.open():
        shop.worker.stop(4711)
        assert State.DONE is (await shop.ended(await shop.gets())).state


async def test_no_more_run_than_there_are_places(ground: Ground) -> None:
    """A place that becomes free is taken at once by the next."""
    open_door = asyncio.Event()

    async def waits(_job: Job) -> AsyncGenerator[Step, None]:
        await open_door.wait()
        yield Answer(Reply("done"))

    shop = Shop(ground, Player(waits), room=Room(2))
    async with shop.open():
        numbers = [await ground.added(ground.talk.says("Why?", chat=chat)) for chat in range(1, 6)]
        shop.worker.wake.set()
        await until(lambda: shop.task.starts == 2)
        shop.worker.freed()
        assert 3 == sum((await ground.jobs.waiting_by_pool()).values())
        shop.room.places = 3
        shop.worker.freed()
        await until(lambda: shop.task.starts == 3)
        assert 3 == shop.worker.answering
        open_door.set()
        for number in numbers:
            await shop.ended(number)
    assert 5 == shop.task.starts


async def test_what_was_held_begins_when_it_is_due(ground: Ground) -> None:
    """Nobody has to call the worker for it."""
    slow = Ground(ground.database, TrueClock())
    shop = Shop(slow, Player(answers))
    async with shop.open():
        number = await shop.gets(hold=0.2, join="paste:1")
        assert State.DONE is (await shop.ended(number)).state


async def test_a_drain_waits_for_what_runs_and_begins_nothing(ground: Ground) -> None:
    """Who has begun to write may finish; who waits stays in line."""
    open_door = asyncio.Event()

    async def waits(_job: Job) -> AsyncGenerator[Step, None]:
        await open_door.wait()
        yield Answer(Reply("done"))

    shop = Shop(ground, Player(waits))
    async with shop.open():
        first = await shop.gets()
        await until(lambda: shop.task.starts == 1)
        second = await shop.gets()
        async with asyncio.TaskGroup() as group:
            group.create_task(shop.worker.drain(10), name="drain")
            await until(lambda: shop.worker.closing)
            open_door.set()
        assert State.DONE is (await shop.ended(first)).state
        assert State.QUEUED is (await shop.reached(second, State.QUEUED)).state
    assert 1 == shop.task.starts


async def test_a_drain_puts_back_what_takes_too_long(ground: Ground) -> None:
    """It begins anew in the next process, and this start does not count against it."""
    shop = Shop(ground, Player(hangs))
    async with shop.open():
        number = await shop.gets()
        await until(lambda: shop.task.starts == 1)
        await shop.worker.drain(0.01)
    found = await ground.jobs.get(number)
    assert found is not None
    assert (State.QUEUED, 0) == (found.state, found.job.attempts)
    assert [] == shop.stage.rows


async def test_a_cancelled_worker_leaves_its_jobs_to_be_found(ground: Ground) -> None:
    """No end is invented: the next process puts them back in line."""
    shop = Shop(ground, Player(hangs))
    async with shop.open():
        number = await shop.gets()
        await until(lambda: shop.task.starts == 1)
    found = await ground.jobs.get(number)
    assert found is not None
    assert State.RUNNING is found.state
    assert {} == shop.worker.running
    assert 1 == await ground.jobs.recover([ME])


async def test_an_answer_that_cannot_be_put_into_messages_is_tried_again(ground: Ground) -> None:
    """Its lane does not stand still for ever behind a job that seems to run."""
    shop = Shop(ground, Player(answers))
    shop.stage.broken.append(ValueError("cannot be put"))
    async with shop.open():
        number = await shop.gets()
        assert State.DONE is (await shop.ended(number)).state
        await until(lambda: bool(shop.stage.rows))
    assert 2 == shop.task.starts
    assert ["The answer."] == shop.stage.said()


async def test_a_start_that_fails_is_tried_again(ground: Ground) -> None:
    """The same holds for what goes wrong before the work begins."""
    shop = Shop(ground, Player(answers))
    told: list[int] = []

    async def fail_once(job: int) -> None:
        told.append(job)
        if len(told) == 1:
            raise OSError("no screen")

    shop.worker.before_start = fail_once
    async with shop.open():
        number = await shop.gets()
        assert State.DONE is (await shop.ended(number)).state
    assert [number, number] == told
