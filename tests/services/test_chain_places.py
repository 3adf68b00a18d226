"""The places of a chain: how many work at once, who waits, and who is let go."""

import asyncio
from contextlib import aclosing

import pytest

from domain.answers import Phase
from domain.routes import Privacy, Route
from services.chain import Stage
from tests.fakes.serving import Script
from tests.services.chained import (
    chained,
    cloud,
    one_place,
    plain,
)

CLOUD = Route(privacy=Privacy.CLOUD_ALLOWED)


async def test_a_busy_machine_sends_nothing_to_the_cloud() -> None:
    """Who may ask the cloud waits for a place here all the same; only trouble sends them there."""
    async with chained(one_place, cloud) as setting:
        setting.servers[0].script = Script("a b", hang_after=1)
        async with aclosing(setting.stream(CLOUD)) as first:
            await anext(first)
            second = asyncio.create_task(setting.ask(CLOUD))
            await setting.until(lambda: Stage(Phase.QUEUED) in setting.stages)
            setting.servers[0].script = Script("free again")
        async with asyncio.timeout(5):
            assert "free again" == await second
        assert [2, 0] == setting.asked()


async def test_who_is_busy_is_passed_over_for_a_free_one_here() -> None:
    """Both machines work at the same time."""
    async with chained(one_place, one_place) as setting:
        setting.servers[0].script = Script("a b", hang_after=1)
        async with aclosing(setting.stream()) as first:
            await anext(first)
            assert "I am b" == await setting.ask()


async def test_slots_are_the_limit_of_concurrency() -> None:
    """Never more at a server than it has places, and as many as that."""
    async with chained(plain) as setting:
        setting.servers[0].script = Script("one two three", words_per_second=200)
        async with asyncio.timeout(10):
            answers = await asyncio.gather(*(setting.ask() for _ in range(7)))
        assert ["one two three"] * 7 == answers
        asked = setting.servers[0].to("/api/chat")
        most = max(sum(a.came <= b.came < a.ended for a in asked) for b in asked)
        assert 2 == most


async def test_all_who_wait_get_their_turn_in_order() -> None:
    """Nobody is overtaken."""
    async with chained(one_place) as setting:
        served = list[int]()

        async def ask(number: int) -> None:
            await setting.ask()
            served.append(number)

        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(ask(number))
        assert [0, 1, 2, 3, 4] == served


@pytest.mark.parametrize("when", ["waiting", "hanging", "streaming"])
async def test_a_place_is_free_again_when_its_job_is_cancelled(when: str) -> None:
    """Whatever the job was doing."""
    async with chained(one_place) as setting:
        setting.servers[0].script = Script("a b", hang_after=0 if when == "hanging" else 1)
        task = asyncio.create_task(setting.ask())
        request = await setting.servers[0].asked("/api/chat")
        if when == "waiting":
            waiting = asyncio.create_task(setting.ask())
            await setting.until(lambda: Stage(Phase.QUEUED) in setting.stages)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        if when == "streaming":
            await setting.until(lambda: request.sent == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5):
            await request.left.wait()
        assert 1 == setting.chain.capacity()
        setting.servers[0].script = Script("hello")
        assert "hello" == await setting.ask()


async def test_a_stream_that_is_left_frees_its_place_and_the_server() -> None:
    """`break` is enough where the stream is consumed under aclosing."""
    async with chained(one_place) as setting:
        setting.servers[0].script = Script("a b", hang_after=1)
        async with aclosing(setting.stream()) as stream:
            async for _ in stream:
                break
        async with asyncio.timeout(5):
            await setting.servers[0].requests[-1].left.wait()
        assert 1 == setting.chain.capacity()
