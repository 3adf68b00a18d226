"""Updates that are sent to the bot come in order, again when they fail, and with the secret."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.telegram import Person, Record


@dataclass
class Receiver:
    """A bot's own server, which answers as it is told."""

    url: str = ""
    answers: list[web.Response] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    got: asyncio.Queue[Record] = field(default_factory=asyncio.Queue)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    most: int = 0

    async def take(self, request: web.Request) -> web.Response:
        """Note an update and answer."""
        self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.got.put_nowait(await request.json())
        await self.gate.wait()
        self.under_way -= 1
        return self.answers.pop(0) if self.answers else web.Response()

    async def texts(self, number: int) -> list[str]:
        """Wait for so many updates and give their texts."""
        async with asyncio.timeout(10):
            return [(await self.got.get())["message"]["text"] for _ in range(number)]


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that listens."""
    made = Receiver()
    made.gate.set()
    application = web.Application()
    application.router.add_post("/hook", made.take)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield made
    finally:
        await runner.cleanup()


async def test_updates_arrive_with_the_secret_and_are_confirmed(bot: BotSide, ann: Person) -> None:
    """What was pending comes too, and after that nothing is pending."""
    async with receiver() as hook:
        await bot.do("setWebhook", url=hook.url, secret_token="s-1")
        await ann.send("second")
        assert ["hello", "second"] == await hook.texts(2)
        assert {"s-1"} == set(hook.headers)
        await _drained(bot)
        await bot.do("deleteWebhook")


async def _drained(bot: BotSide) -> None:
    async with asyncio.timeout(5):
        while (await bot.do("getWebhookInfo"))["pending_update_count"]:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0)


async def test_an_update_that_fails_comes_again_before_the_next(bot: BotSide, ann: Person) -> None:
    """The order within a chat is kept through failures, and the failure can be read."""
    await ann.act("options", webhook_delay=0.01)
    async with receiver() as hook:
        hook.answers = [web.Response(status=500), web.Response(status=503)]
        await bot.do("setWebhook", url=hook.url)
        await ann.send("second")
        assert ["hello", "hello", "hello", "second"] == await hook.texts(4)
        info = await bot.do("getWebhookInfo")
        assert info["last_error_message"].startswith("Wrong response from the webhook: 503")


async def test_one_is_under_way_for_each_chat_and_many_over_all(
    play: Playground, bot: BotSide, ann: Person
) -> None:
    """A slow answer holds up its own chat and no other."""
    async with receiver() as hook, Person(play.url, 2) as oksana:
        hook.gate.clear()
        await ann.send("ann 2")
        await oksana.send("oksana 1")
        await bot.do("setWebhook", url=hook.url)
        assert {"hello", "oksana 1"} == set(await hook.texts(2))
        assert hook.got.empty()
        hook.gate.set()
        assert ["ann 2"] == await hook.texts(1)
        assert 2 == hook.most


async def test_max_connections_is_kept(play: Playground, bot: BotSide, ann: Person) -> None:
    """With one connection nothing is under way at the same time."""
    async with receiver() as hook, Person(play.url, 2) as oksana:
        await oksana.send("oksana 1")
        await bot.do("setWebhook", url=hook.url, max_connections=1)
        await hook.texts(2)
        assert 1 == hook.most


async def test_polling_and_webhooks_exclude_each_other(bot: BotSide, ann: Person) -> None:
    """While a webhook is set getUpdates is a conflict; without it, it is not."""
    async with receiver() as hook:
        await bot.do("setWebhook", url=hook.url)
        answer = await bot.call("getUpdates")
        assert 409 == answer["error_code"]
        assert answer["description"].startswith(
            "Conflict: can't use getUpdates method while webhook is active"
        )
        await bot.do("deleteWebhook")
        assert (await bot.call("getUpdates"))["ok"]


async def test_pending_updates_can_be_dropped(bot: BotSide, ann: Person) -> None:
    """Deleting the webhook with drop_pending_updates forgets what waits."""
    await bot.do("deleteWebhook", drop_pending_updates=True)
    assert [] == await bot.updates()


async def test_the_answer_to_an_update_may_be_a_call(bot: BotSide, ann: Person) -> None:
    """A bot can answer the webhook with a method to call."""
    async with receiver() as hook:
        body = {"method": "sendMessage", "chat_id": 1, "text": "by the way"}
        hook.answers = [web.json_response(body)]
        await bot.do("setWebhook", url=hook.url)
        assert "by the way" == (await ann.wait_reply())["text"]
