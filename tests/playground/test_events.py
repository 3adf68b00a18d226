"""Events are numbered, kept, and delivered to those who wait, as a stream and as a poll."""

import asyncio
import json

import pytest

from playground.events import KEPT, Events
from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.telegram import Person, Record, plain_client


async def test_a_stream_goes_on_where_it_was_left(bot: BotSide, ann: Person) -> None:
    """With Last-Event-ID a page gets exactly what it has missed, then what is new."""
    await ann.send("missed")
    last = ann.last
    headers = {"Last-Event-ID": str(last), "Accept": "text/event-stream"}
    async with (
        asyncio.timeout(10),
        bot.http.stream("GET", "/play/events?chat_id=1", headers=headers) as stream,
    ):
        lines = stream.aiter_lines()
        first = await _next_event(lines)
        await bot.do("sendMessage", chat_id=1, text="new")
        second = await _next_event(lines)
    assert ["missed", "new"] == [event["message"]["text"] for event in (first, second)]
    assert last + 1 == first["n"]


async def _next_event(lines: object) -> Record:
    async for line in lines:  # type: ignore[attr-defined]
        if line.startswith("data: "):
            event: Record = json.loads(line.removeprefix("data: "))
            return event
    raise AssertionError("The stream has ended.")


async def test_a_reader_of_one_chat_does_not_see_the_others(
    play: Playground, bot: BotSide, ann: Person
) -> None:
    """Messages elsewhere are not shown; what concerns all chats is."""
    async with Person(play.url, 2) as oksana:
        await oksana.send("private")
        await oksana.act("users", first_name="Zoe", language_code="en")
    seen = (await ann.look("events", chat_id=1, since=ann.last, wait=1))["events"]
    assert ["message", "chat"] == [event["type"] for event in seen]


async def test_the_wait_says_what_was_seen_instead(bot: BotSide, ann: Person) -> None:
    """A test that waits in vain is told what happened."""
    await bot.do("sendMessage", chat_id=1, text="something else")
    with pytest.raises(AssertionError, match="something else"):
        await ann.wait_reply(lambda m: m["text"] == "never", timeout=1)


async def test_old_events_are_forgotten_in_order() -> None:
    """The ring keeps the newest, and each chat's own row loses the same."""
    events = Events()
    for number in range(KEPT + 10):
        events.publish("x", number % 3)
    everything = events.since(0)
    assert (11, KEPT + 10, KEPT) == (everything[0].n, everything[-1].n, len(everything))
    by_chat = [event for chat in range(3) for event in events.since(0, chat)]
    assert everything == sorted(by_chat, key=lambda event: event.n)


async def test_a_wait_wakes_for_its_chat_only() -> None:
    """An event elsewhere leaves a reader asleep; its own wakes it."""
    events = Events()
    waiting = asyncio.create_task(events.wait(0, 1, 30), name="reader")
    await asyncio.sleep(0)
    events.publish("x", 2)
    await asyncio.sleep(0)
    assert not waiting.done()
    events.publish("x", 1)
    async with asyncio.timeout(5):
        assert [2] == [event.n for event in await waiting]


async def test_the_end_of_the_playground_ends_every_wait() -> None:
    """Neither a poll of the bot, nor one for events, nor a stream holds up the end."""
    play = await Playground().__aenter__()
    async with plain_client(play.url, timeout=30) as http, asyncio.TaskGroup() as waiting:
        poll = waiting.create_task(http.get(f"/bot{play.token}/getUpdates?timeout=50"))
        events = waiting.create_task(http.get("/play/events?since=999&wait=50"))
        async with asyncio.timeout(5):
            while not play.telegram.world.updates.polled:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0)
            await play.__aexit__(None, None, None)
    assert [] == poll.result().json()["result"]
    assert events.result().status_code == 200


async def test_members_only(play: Playground, bot: BotSide) -> None:
    """Who is not in a chat can neither write there nor press."""
    async with Person(play.url, 2, 1) as stranger:
        with pytest.raises(AssertionError, match="Oksana is not in this chat"):
            await stranger.send("hi")


async def test_people_and_groups_can_be_made(play: Playground, bot: BotSide) -> None:
    """New people have a private chat, new groups have the bot in them."""
    made = await bot.http.post("/play/users", json={"id": 50, "first_name": "Zoe"})
    group = await bot.http.post(
        "/play/chats", json={"type": "supergroup", "title": "Choir", "members": [50]}
    )
    chat = group.json()["chat"]
    async with Person(play.url, 50) as zoe, Person(play.url, 50, chat["id"]) as choir:
        await zoe.send("hello")
        assert 1 == (await choir.send("la"))["message_id"]
    assert 50 == made.json()["user"]["id"]
    assert {50, 1000} == set(chat["members"])
    assert ["hello", "la"] == [update["message"]["text"] for update in await bot.updates()]
