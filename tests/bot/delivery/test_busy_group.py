"""A group in which much is asked gets its answers before anything else."""

from collections.abc import AsyncIterator

import pytest

from domain.answers import Draft, Reply
from playground.server import Playground
from tests.bot.delivery.way import GROUP, Delivery
from tests.telegram import Person


@pytest.fixture
async def oksana(play: Playground) -> AsyncIterator[Person]:
    """Oksana in the family's group."""
    async with Person(play.url, 2, GROUP) as made:
        yield made


async def test_where_little_room_is_left_no_live_message_is_opened(
    delivery: Delivery, oksana: Person
) -> None:
    """Telegram takes twenty messages a minute there; the bot types, and sends the answer alone."""
    for _ in range(14):
        await delivery.pace.message(GROUP)
    job = await delivery.ask(oksana, "Hello?")
    async with delivery.stage.show(job) as screen:
        screen.show(Draft("Half"))
        await oksana.wait_event(lambda event: event["type"] == "action")
        screen.show(Draft("Half and"))
    await delivery.answer(job, Reply("Half and half"))
    await oksana.wait_reply(lambda one: one["text"] == "Half and half")
    sent = await delivery.calls("sendMessage", "editMessageText")
    assert ["sendMessage"] == [call["method"] for call in sent]
