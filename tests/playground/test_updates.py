"""Updates reach the bot once it asks, and stay until it confirms them."""

import asyncio
from typing import Any

from playground.options import Options
from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.telegram import Person

Record = dict[str, Any]


async def test_an_update_stays_until_a_later_offset_confirms_it(bot: BotSide, ann: Person) -> None:
    """The same update is given again and again, and after its confirmation never more."""
    first = await bot.updates()
    again = await bot.updates()
    assert first == again
    assert ["hello"] == [update["message"]["text"] for update in again]
    assert [] == await bot.updates(offset=first[0]["update_id"] + 1)
    assert [] == await bot.updates()


async def test_update_numbers_grow_by_one(bot: BotSide, ann: Person) -> None:
    """No number is left out and none comes twice."""
    for text in "abc":
        await ann.send(text)
    numbers = [update["update_id"] for update in await bot.updates()]
    assert list(range(numbers[0], numbers[0] + 4)) == numbers


async def test_a_negative_offset_keeps_only_the_last_ones(bot: BotSide, ann: Person) -> None:
    """Offset -2 forgets everything but the last two."""
    for text in "abc":
        await ann.send(text)
    kept = [update["message"]["text"] for update in await bot.updates(offset=-2)]
    assert ["b", "c"] == kept
    assert 2 == len(await bot.updates())


async def test_the_limit_holds_back_the_rest(bot: BotSide, ann: Person) -> None:
    """At most as many updates come as are asked for, and never more than a hundred."""
    await ann.act("send_many", messages=[{"user_id": 1, "text": str(n)} for n in range(120)])
    assert 3 == len(await bot.updates(limit=3))
    assert 100 == len(await bot.updates(limit=1000))
    assert 1 == len(await bot.updates(limit=-5))


async def test_a_long_poll_ends_when_something_happens(bot: BotSide, ann: Person) -> None:
    """A waiting call answers at once when a message arrives, not when its time is over."""
    offset = (await bot.updates())[-1]["update_id"] + 1
    poll = asyncio.create_task(bot.updates(offset=offset, timeout=50), name="poll")
    await _polling(bot, ann)
    await ann.send("now")
    async with asyncio.timeout(5):
        found = await poll
    assert ["now"] == [update["message"]["text"] for update in found]


async def _polling(bot: BotSide, ann: Person) -> None:
    async with asyncio.timeout(5):
        while not (await ann.look("stats"))["polling_now"]:  # noqa: ASYNC110 - asks over HTTP
            await asyncio.sleep(0)


async def test_of_two_pollers_the_first_gets_the_conflict(bot: BotSide, ann: Person) -> None:
    """A second poller wins, and the first is told why it was sent away."""
    offset = (await bot.updates())[-1]["update_id"] + 1
    first = asyncio.create_task(bot.call("getUpdates", offset=offset, timeout=50), name="first")
    await _polling(bot, ann)
    second = asyncio.create_task(bot.updates(offset=offset, timeout=50), name="second")
    refused = await first
    await ann.send("for the second")
    assert 409 == refused["error_code"]
    assert (
        "Conflict: terminated by other getUpdates request;"
        " make sure that only one bot instance is running"
    ) == refused["description"]
    assert 1 == len(await second)


async def test_allowed_updates_are_remembered(bot: BotSide, ann: Person) -> None:
    """Kinds that were not asked for do not come, until other kinds are named."""
    await bot.updates(allowed_updates=["edited_message"])
    message = await ann.send("unseen")
    await ann.edit(message, "seen")
    kinds = [_kind(update) for update in (await bot.updates())[1:]]
    assert ["edited_message"] == kinds
    await bot.updates(allowed_updates=[])
    await ann.send("seen again")
    assert "message" == _kind((await bot.updates())[-1])


async def test_reactions_come_only_when_they_are_named(bot: BotSide, ann: Person) -> None:
    """Without being asked for, a reaction is no update; with it, it is."""
    message = await ann.send("look")
    await ann.act("react", message_id=message["message_id"], emoji="👍")
    assert "message" == _kind((await bot.updates())[-1])
    await bot.updates(allowed_updates=["message_reaction"])
    await ann.act("react", message_id=message["message_id"], emoji="🔥")
    reaction = (await bot.updates())[-1]["message_reaction"]
    assert [{"type": "emoji", "emoji": "👍"}] == reaction["old_reaction"]
    assert [{"type": "emoji", "emoji": "🔥"}] == reaction["new_reaction"]


async def test_blocking_is_told_and_forbids_sending(bot: BotSide, ann: Person) -> None:
    """A person who blocks the bot cannot be written to until they write again."""
    await ann.act("block")
    told = (await bot.updates())[-1]["my_chat_member"]
    assert ("member", "kicked") == (
        told["old_chat_member"]["status"],
        told["new_chat_member"]["status"],
    )
    answer = await bot.call("sendMessage", chat_id=1, text="hello?")
    assert (403, "Forbidden: bot was blocked by the user") == (
        answer["error_code"],
        answer["description"],
    )
    await ann.send("back again")
    assert (await bot.call("sendMessage", chat_id=1, text="welcome"))["ok"]


async def test_raw_updates_go_out_as_they_are(bot: BotSide, ann: Person) -> None:
    """What the options of a test put into the queue is not looked at."""
    await ann.act("raw_update", update={"message": {"nonsense": True}})
    assert {"nonsense": True} == (await bot.updates())[-1]["message"]


async def test_an_offset_from_the_future_confirms_nothing(bot: BotSide, ann: Person) -> None:
    """A bot that remembers an offset of another server loses no update here."""
    assert 1 == len(await bot.updates(offset=2**31 - 1))


async def test_privacy_mode_hides_what_is_not_for_the_bot() -> None:
    """In a group the bot sees commands, mentions and replies, and nothing else."""
    async with Playground(Options(privacy_mode=True)) as play, Person(play.url, 1, -100) as bob:
        side = BotSide(play)
        async with side.http:
            for text in ("chatter", "/start", "hey @hearthbot_bot", "more chatter"):
                await bob.send(text)
            seen = [update["message"]["text"] for update in await side.updates()]
    assert ["/start", "hey @hearthbot_bot"] == seen


def _kind(update: Record) -> str:
    return next(name for name in update if name != "update_id")
