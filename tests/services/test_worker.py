"""The worker: each job that it claims ends in something visible, or goes back in line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from domain.answers import Draft, Phase, Progress, Reply
from domain.errors import (
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ContextOverflow,
    NoBackendLeft,
    TooBig,
)
from domain.jobs import Job, State
from domain.messages import Role
from services.excuses import Excuses
from services.tasks import Answer
from services.worker import PAUSES, PAUSES_AFTER_BUGS, Worker
from storage.jobs import Found, Said
from tests.services.ground import ME, Ground, until
from tests.services.stages import Notebook
from tests.storage.workshop import Clock

Step = Draft | Progress | Answer
Play = Callable[[Job], AsyncGenerator[Step, None]]
WAIT = Progress(Phase.THINKING, "…")
WRITTEN = Draft("Once")


class TrueClock(Clock):
    """A clock that nobody turns."""

    def __call__(self) -> float:
        """The time."""
        return time.time()


@dataclass(slots=True)
class Player:
    """A task that does whatever a test wants, and counts how often."""

    play: Play
    starts: int = 0

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Do it."""
        self.starts += 1
        async for step in self.play(job):
            yield step

    def stopped(self, job: Job, shown: str) -> Answer:
        """Keep what was shown."""
        return Answer(Reply(f"stopped at {shown!r}"), (Said(Role.ASSISTANT, shown),))


@dataclass(slots=True)
class Room:
    """Places without a backend behind them."""

    places: int = 8

    def free(self, running: Mapping[str, int]) -> dict[str, int]:
        """The free places."""
        return {"chat/default": self.places - running.get("chat/default", 0)}


@dataclass(slots=True)
class Shop:
    """A worker with one task, and where its work is seen."""

    ground: Ground
    task: Player
    stage: Notebook = field(default_factory=Notebook)
    room: Room = field(default_factory=Room)
    begun: list[int] = field(default_factory=list)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        async def before_start(job: int) -> None:
            self.begun.append(job)

        self.worker = Worker(
            self.ground.jobs,
            {"chat": self.task},
            self.stage,
            self.room,
            Excuses(self.ground.words),
            ME,
            self.ground.clock,
            before_start,
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Work while the block runs."""
        working = asyncio.create_task(self.worker.run(), name="worker")
        try:
            yield
        finally:
            working.cancel()
            await asyncio.wait({working})

    async def gets(self, text: str = "Why?", **fields: Any) -> int:
        """Somebody asks something."""
        number = await self.ground.added(self.ground.talk.says(text), **fields)
        self.worker.wake.set()
        return number

    async def ended(self, number: int) -> Found:
        """Wait until a job is over."""
        return await self.reached(number, State.DONE, State.DROPPED, State.DEAD)

    async def reached(self, number: int, *states: State) -> Found:
        """Wait until a job stands in one of these states."""
        return await self._found(number, lambda found: found.state in states)

    async def tried(self, number: int, attempts: int) -> None:
        """Wait until a job that was tried so often waits again."""
        await self._found(
            number,
            lambda found: found.state is State.QUEUED and found.job.attempts == attempts,
        )
        await until(lambda: number not in self.worker.running)

    async def _found(self, number: int, wanted: Callable[[Found], bool]) -> Found:
        async with asyncio.timeout(10):
            while True:
                found = await self.ground.jobs.get(number)
                if found is not None and wanted(found):
                    return found
                await asyncio.sleep(0.005)


async def answers(_job: Job) -> AsyncGenerator[Step, None]:
    """Answer, with something to be seen before."""
    yield WAIT
    yield WRITTEN
    yield Answer(Reply("The answer."), (Said(Role.USER, "Why?"), Said(Role.ASSISTANT, "Because.")))


async def hangs(_job: Job) -> AsyncGenerator[Step, None]:
    """Write something, then never go on."""
    yield WRITTEN
    await asyncio.Event().wait()


def fails(trouble: Exception) -> Play:
    """Make a task that comes to nothing."""

    async def play(_job: Job) -> AsyncGenerator[Step, None]:
        yield WAIT
        raise trouble

    return play


async def test_an_answer_is_stored_and_handed_over(ground: Ground) -> None:
    """What is seen before it is gone from the screen when it arrives."""
    shop = Shop(ground, Player(answers))
    async with shop.open():
        number = await shop.gets()
        assert State.DONE is (await shop.ended(number)).state
        await until(lambda: bool(shop.stage.rows))
    [screen] = shop.stage.screens[number]
    assert ([WAIT, WRITTEN], False) == (screen.seen, screen.open)
    assert ["The answer."] == shop.stage.said()
    assert ME == shop.stage.rows[0].sender
    assert ["Why?", "Because."] == [
        line.text for line in (await ground.conversations.history("1")).lines
    ]


async def test_a_screen_that_announced_it_is_released_first(ground: Ground) -> None:
    """Whoever shows that a job waits is told before it begins."""
    shop = Shop(ground, Player(answers))
    async with shop.open():
        number = await shop.gets()
        await shop.ended(number)
    assert [number] == shop.begun


async def test_a_refusal_is_an_answer(ground: Ground) -> None:
    """The person reads it as it stands; nothing is tried again."""
    shop = Shop(ground, Player(fails(TooBig("Please send less."))))
    async with shop.open():
        assert State.DONE is (await shop.ended(await shop.gets())).state
        await until(lambda: bool(shop.stage.rows))
    assert ["Please send less."] == shop.stage.said()
    assert 1 == shop.task.starts


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (BackendRejected("Kitchen", "no"), "The model refused this request."),
        (ContextOverflow("Kitchen", "long"), "This is too long for the model."),
        (BackendNonsense("Kitchen", "7 bytes"), "Something went wrong while answering."),
    ],
)
async def test_what_cannot_be_helped_is_said_at_once(
    ground: Ground, trouble: Exception, words: str
) -> None:
    """Nothing is tried again by itself, and the server's words stay with the operator."""
    shop = Shop(ground, Player(fails(trouble)))
    async with shop.open():
        assert State.DEAD is (await shop.ended(await shop.gets())).state
        await until(lambda: bool(shop.stage.rows))
    [said] = shop.stage.said()
    assert said is not None
    assert said.startswith(words)
    assert "Kitchen" not in said
    assert 1 == shop.task.starts


@pytest.mark.parametrize(
    "trouble",
    [BackendUnavailable("Kitchen", "503"), NoBackendLeft("chat", {"Kitchen": "503"})],
)
async def test_what_may_pass_is_tried_again_before_it_is_given_up(
    ground: Ground, trouble: Exception
) -> None:
    """Each time after a longer pause; in the end the person is told."""
    shop = Shop(ground, Player(fails(trouble)))
    async with shop.open():
        number = await shop.gets()
        for attempt, pause in enumerate(PAUSES[1:], start=2):
            await shop.tried(number, attempt)
            ground.clock.now += pause - 0.01
            assert [] == await ground.jobs.claim({"chat/default": 1}, "somebody else")
            ground.clock.now += 0.01
            shop.worker.wake.set()
        assert State.DEAD is (await shop.ended(number)).state
        await until(lambda: bool(shop.stage.rows))
    assert len(PAUSES) + 1 == shop.task.starts
    assert 1 == len(shop.stage.said())


async def says_nothing(_job: Job) -> AsyncGenerator[Step, None]:
    """End without an answer."""
    yield WAIT


@pytest.mark.parametrize(
    ("task", "play", "starts"),
    [
        pytest.param("chat", fails(ValueError("their words")), 2, id="an error"),
        pytest.param("chat", says_nothing, 2, id="no answer"),
        pytest.param("film", says_nothing, 0, id="a task that nobody knows"),
    ],
)
async def test_a_mistake_of_ours_is_told_of(
    ground: Ground, caplog: pytest.LogCaptureFixture, task: str, play: Play, starts: int
) -> None:
    """It is tried once more, then the person has an excuse, and the log what happened."""
    shop = Shop(ground, Player(play))
    async with shop.open():
        number = await shop.gets(task=task)
        found = await shop.ended(number)
        await until(lambda: bool(shop.stage.rows))
    assert (State.DEAD, len(PAUSES_AFTER_BUGS) + 1) == (found.state, found.job.attempts)
    assert starts == shop.task.starts
    [said] = shop.stage.said()
    assert said is not None
    assert said.startswith("Something went wrong")
    assert "A task failed" in caplog.text


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
