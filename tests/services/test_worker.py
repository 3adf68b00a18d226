"""The worker: each job that it claims ends in something visible, or goes back in line."""

from __future__ import annotations

import errno
from collections.abc import AsyncGenerator

import pytest

from domain.errors import (
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ContextOverflow,
    NoBackendLeft,
    TooBig,
)
from domain.jobs import Job, State
from services.repeats import PAUSES, PAUSES_AFTER_BUGS
from services.tasks import Step
from tests.services.ground import ME, Ground, until
from tests.services.shop import (
    WAIT,
    WRITTEN,
    Play,
    Player,
    Shop,
    answers,
    fails,
)


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
    [
        BackendUnavailable("Kitchen", "503"),
        NoBackendLeft("chat", {"Kitchen": "503"}),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
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
        pytest.param("chat", fails(FileNotFoundError(errno.ENOENT, "theirs")), 2, id="no file"),
        pytest.param("chat", says_nothing, 2, id="no answer"),
        pytest.param("dance", says_nothing, 0, id="a task that nobody knows"),
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
