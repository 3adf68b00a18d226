"""After a crash between sending and noting, no answer is there twice and none is missing."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.delivery.body import Body
from bot.delivery.parts import Part
from domain.answers import Reply
from domain.jobs import Job
from playground.server import Playground
from storage.database import Database
from tests.bot.delivery.lives import a_life
from tests.bot.delivery.way import GROUP, WORKSHOP, Delivery, until
from tests.telegram import Person as Somebody


async def asked_and_finished(life: Delivery, somebody: Somebody, text: str) -> Job:
    """A job whose answer is marked as being sent, in a life that ends before it notes more."""
    job = await life.ask(somebody, "Hello?")
    await life.finish(job, Reply(text))
    return job


@pytest.fixture(params=[(1, 1), (2, GROUP), (3, WORKSHOP)], ids=["private", "group", "supergroup"])
async def somebody(request: pytest.FixtureRequest, play: Playground) -> AsyncIterator[Somebody]:
    """Somebody in each kind of chat."""
    person, chat = request.param
    async with Somebody(play.url, person, chat) as made:
        yield made


async def test_an_answer_that_had_arrived_is_not_sent_again(
    play: Playground, database: Database, somebody: Somebody
) -> None:
    """Killed after Telegram took the message: the next life finds it and learns its id."""
    async with a_life(play, database) as life:
        job = await asked_and_finished(life, somebody, "**Hello** there")
        arrived = await life.bot.send_message(somebody.chat_id, "Hello there")
    await somebody.send("Meanwhile")
    async with a_life(play, database) as life:
        await life.settled()
        found = await life.outbox.messages_of(job.answer)
    (message,) = await somebody.replies()
    assert [arrived.message_id] == found
    assert ("Hello there", "bold") == (message["text"], message["entities"][0]["type"])


async def test_an_answer_that_had_not_arrived_is_sent(
    play: Playground, database: Database, somebody: Somebody
) -> None:
    """Killed before Telegram took the message: the next life sends it, once."""
    async with a_life(play, database) as life:
        await asked_and_finished(life, somebody, "Hello")
    async with a_life(play, database) as life:
        await life.settled()
    assert ["Hello"] == [message["text"] for message in await somebody.replies()]


async def test_of_several_parts_only_the_missing_ones_are_sent(
    play: Playground, database: Database, ann: Somebody
) -> None:
    """Killed between the parts of a long answer: what is there stays, the rest follows."""
    async with a_life(play, database) as life:
        job = await life.ask(ann, "Hello?")
        rows = await life.finish(job, Reply("\n\n".join(["word " * 700] * 3)))
        first = Body.from_json(rows[0].body or "")
        await life.bot.send_message(1, first.part.text)
    async with a_life(play, database) as life:
        await life.settled()
        known = await life.outbox.messages_of(job.answer)
    told = await ann.replies()
    assert len(rows) == len(told) > 1
    assert known == [message["message_id"] for message in told]
    assert "word" * 2100 == "".join(message["text"] for message in told).replace(" ", "").replace(
        "\n", ""
    )


async def test_messages_of_other_chats_do_not_hide_it(
    play: Playground, database: Database, ann: Somebody
) -> None:
    """All private chats share one sequence of ids, so others may have written in between."""
    async with a_life(play, database) as life, Somebody(play.url, 4) as bob:
        await asked_and_finished(life, ann, "Hello")
        for number in range(30):
            life.newest.saw(4, (await bob.send(f"Noise {number}"))["message_id"])
        await life.bot.send_message(1, "Hello")
        for number in range(30):
            newest = (await bob.send(f"Noise {number}"))["message_id"]
    async with a_life(play, database) as life:
        life.newest.saw(4, newest)
        await life.settled()
    assert 1 == len(await ann.replies())


async def test_updates_of_the_downtime_are_seen_before_it_is_looked_for(
    play: Playground, database: Database, ann: Somebody
) -> None:
    """The search waits until the program has caught up, which tells how far the ids have come."""
    async with a_life(play, database) as life, Somebody(play.url, 4) as bob:
        await asked_and_finished(life, ann, "Hello")
        for number in range(30):
            newest = (await bob.send(f"Noise {number}"))["message_id"]
        await life.bot.send_message(1, "Hello")
    waiting, caught_up = asyncio.Event(), asyncio.Event()

    async def catching_up() -> None:
        waiting.set()
        await caught_up.wait()

    async with a_life(play, database) as life:
        life.postman.caught_up = catching_up
        await waiting.wait()
        life.newest.saw(4, newest)
        caught_up.set()
        await life.settled()
    assert 1 == len(await ann.replies())


async def test_an_unwanted_message_is_found_and_deleted(
    play: Playground, database: Database, ann: Somebody
) -> None:
    """A live message that had arrived when its answer became empty does not stay behind."""
    async with a_life(play, database) as life:
        job = await life.ask(ann, "Hello?")
        opened = await life.outbox.open(
            job.answer, 1, None, Body(Part("Half")).to_json(), life.stage.newest(job)
        )
        assert opened is not None
        await life.bot.send_message(1, "Half")
        await life.finish(job, Reply(""))
    async with a_life(play, database) as life:
        await life.settled()
    assert [] == await ann.replies()


async def test_a_crash_while_a_cut_send_is_in_doubt_changes_nothing(
    play: Playground, database: Database, ann: Somebody, caplog: pytest.LogCaptureFixture
) -> None:
    """The connection is cut after the server acted, and then the program dies as well."""

    async def cut() -> bool:
        return "does not answer" in caplog.text

    async with a_life(play, database) as life:
        job = await life.ask(ann, "Hello?")
        await life.turn(faults={"cut_after": 1.0, "methods": ["sendMessage"]})
        await life.answer(job, Reply("Hello"))
        await until(cut)
    async with a_life(play, database) as life:
        await life.turn(faults=None)
        await life.settled()
    assert ["Hello"] == [message["text"] for message in await ann.replies()]


async def test_an_edit_that_was_cut_short_is_done_again(
    play: Playground, database: Database, ann: Somebody
) -> None:
    """A row with a message that was being edited waits again after a crash."""
    async with a_life(play, database) as life:
        job = await life.ask(ann, "Hello?")
        await life.answer(job, Reply("Hello"))
        await life.settled()
        anew = await life.start(job.payload.place, job.payload.message, 1, "Hello?", job.answer)
        await life.finish(anew, Reply("Hello again"))
    async with a_life(play, database) as life:
        await life.settled()
    assert ["Hello again"] == [message["text"] for message in await ann.replies()]
