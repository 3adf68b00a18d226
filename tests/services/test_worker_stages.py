"""A job of several stages goes on in its place; one that needs no place any more leaves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

from domain.answers import Draft, Reply
from domain.jobs import Job, State
from domain.messages import Place
from services.tasks import Answer, Onward, PlaceFree, Step
from tests.services.ground import Ground, until
from tests.services.shop import Play, Player, Shop


def onward(job: Job, text: str = "Heard.") -> Onward:
    """The next stage, with what the first one found out."""
    return Onward("chat", "chat/default", replace(job.payload, text=text))


async def two_stages(job: Job) -> AsyncGenerator[Step, None]:
    """Find out what was said, then answer that."""
    if job.payload.text != "Heard.":
        yield onward(job)
        return
    yield Answer(Reply(f"You said: {job.payload.text}"))


async def test_what_one_stage_found_out_the_next_one_answers(ground: Ground) -> None:
    """It is one job all the while, and ends once."""
    shop = Shop(ground, Player(two_stages))
    async with shop.open():
        found = await shop.ended(await shop.gets("A voice note."))
    assert State.DONE is found.state
    assert ["You said: Heard."] == shop.stage.said()
    assert 2 == shop.task.starts
    assert not shop.worker.running


async def test_a_stop_between_two_stages_is_obeyed(ground: Ground) -> None:
    """Whoever stops while a stage comes to its end gets no answer from the next one."""
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def play(job: Job) -> AsyncGenerator[Step, None]:
        reached.set()
        try:
            await go_on.wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
        yield onward(job)

    shop = Shop(ground, Player(play))
    async with shop.open():
        number = await shop.gets("A voice note.")
        await reached.wait()
        stored = await ground.jobs.get(number)
        assert stored is not None
        await ground.jobs.cancel(stored.job.lane, stored.job.payload.person.id)
        go_on.set()
        found = await shop.ended(number)
    assert State.DROPPED is found.state
    assert ["stopped at ''"] == shop.stage.said()


async def test_a_job_that_leaves_its_place_lets_the_next_one_begin(ground: Ground) -> None:
    """What is done after the model has spoken takes no place of the model's."""
    release = asyncio.Event()

    def play_with(events: list[str]) -> Play:
        async def play(job: Job) -> AsyncGenerator[Step, None]:
            events.append(job.payload.text)
            yield Draft("All of it")
            yield PlaceFree.NOW
            await release.wait()
            yield Answer(Reply(job.payload.text))

        return play

    begun: list[str] = []
    shop = Shop(ground, Player(play_with(begun)))
    shop.room.places = 1
    async with shop.open():
        first = await shop.gets("one")
        await until(lambda: begun == ["one"])
        other = await ground.added(replace(ground.talk.says("two"), place=Place(77)))
        shop.worker.wake.set()
        await until(lambda: begun == ["one", "two"])
        release.set()
        assert State.DONE is (await shop.ended(first)).state
        assert State.DONE is (await shop.ended(other)).state
