"""Long polling: nothing is confirmed before it is safe, and nothing that is bad blocks the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram import Bot
from aiohttp import web

from bot.delivery.session import open_bot
from bot.polling import LONG, MOST, AnotherCopyError, Polling, WrongTokenError
from playground.server import Playground
from tests.bot.delivery.scripted import Script, bot_at, refusal
from tests.telegram import Person, plain_client

Json = dict[str, Any]


@dataclass
class Telegram(Script):
    """Gives its answers one after the other, then none; `idle` is set by the call that waits."""

    idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, or let it wait as a long poll does."""
        self.calls.append((request.path.rpartition("/")[2], await request.json()))
        if not self.answers:
            self.idle.set()
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        return web.json_response(answer, status=answer.get("error_code", 200))


@dataclass
class Desk:
    """Takes batches and writes down in which order things happen."""

    story: list[str] = field(default_factory=list)
    taken: list[Json] = field(default_factory=list)
    buried: list[Json] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    heard: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, raws: Sequence[Json]) -> None:
        """Take a batch, unless there is trouble."""
        if self.troubles:
            await self._note("trouble")
            raise self.troubles.pop()
        self.taken += raws
        await self._note(f"take {' '.join(str(raw['update_id']) for raw in raws)}")

    async def bury(self, raw: Json, _reason: str) -> None:
        """Set an update aside."""
        self.buried.append(raw)

    async def harden(self) -> None:
        """What was taken is safe."""
        await self._note("harden")

    def caught_up(self) -> None:
        """Nothing waits any more."""
        self.story.append("caught up")

    async def until(self, what: str) -> None:
        """Wait for something to happen."""
        async with asyncio.timeout(10), self.heard:
            await self.heard.wait_for(lambda: what in self.story)

    async def _note(self, what: str) -> None:
        self.story.append(what)
        async with self.heard:
            self.heard.notify_all()


@pytest.fixture
def desk() -> Desk:
    """A desk where nothing has happened."""
    return Desk()


@asynccontextmanager
async def polling(bot: Bot, desk: Desk) -> AsyncIterator[Polling]:
    """Poll while the block runs."""
    made = Polling(bot, ["message"], desk.take, desk.bury, desk.harden, desk.caught_up)
    task = asyncio.create_task(made.run(), name="polling")
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.wait({task})
    assert task.cancelled(), "polling ended by itself"


@asynccontextmanager
async def told(desk: Desk, *answers: Json) -> AsyncIterator[Telegram]:
    """Poll a Telegram that gives these answers, until it has no more."""
    telegram = Telegram(list(answers))
    async with bot_at(telegram.answer) as bot, polling(bot, desk):
        async with asyncio.timeout(20):
            await telegram.idle.wait()
        yield telegram


def batch(*numbers: int) -> Json:
    """An answer with updates."""
    return {"ok": True, "result": [{"update_id": number} for number in numbers]}


async def test_a_batch_is_confirmed_only_when_it_is_safe(desk: Desk) -> None:
    """Taken, hardened, and only then does the next poll confirm it."""
    async with told(desk, batch(5, 6), batch(7)) as telegram:
        offsets = [call.get("offset") for _, call in telegram.calls]
    assert [None, 7, 8] == offsets
    assert ["take 5 6", "harden", "caught up", "take 7", "harden", "caught up"] == desk.story


async def test_no_poll_waits_until_all_that_had_come_is_taken(desk: Desk) -> None:
    """A full batch means that there is more; only then is there time for a long poll."""
    async with told(desk, batch(*range(MOST)), batch(MOST)) as telegram:
        waits = [call["timeout"] for _, call in telegram.calls]
    assert [0, 0, LONG] == waits
    assert ["caught up"] == desk.story[-1:]
    assert 1 == desk.story.count("caught up")


async def test_only_what_the_handlers_take_is_asked_for(desk: Desk) -> None:
    """Telegram sends nothing else then."""
    async with told(desk) as telegram:
        method, call = telegram.calls[0]
    assert ("getUpdates", ["message"], MOST) == (method, call["allowed_updates"], call["limit"])


async def test_a_batch_that_could_not_be_taken_comes_again(desk: Desk) -> None:
    """It was not confirmed, so it is not lost."""
    desk.troubles.append(OSError("the disk is full"))
    async with told(desk, batch(5), batch(5)) as telegram:
        offsets = [call.get("offset") for _, call in telegram.calls]
    assert [None, None, 6] == offsets
    assert ["trouble", "take 5", "harden", "caught up"] == desk.story


@pytest.mark.parametrize("trouble", [refusal(502, "Bad Gateway"), refusal(400, "Bad Request: no")])
async def test_polling_outlives_troubles(desk: Desk, trouble: Json) -> None:
    """Whatever Telegram says, it is asked again."""
    async with told(desk, trouble, batch(5)):
        pass
    assert "take 5" in desk.story


async def test_polling_waits_as_long_as_it_is_told(desk: Desk) -> None:
    """Who asks again too soon is only told to wait longer."""
    began = asyncio.get_running_loop().time()
    async with told(desk, refusal(429, "Too Many Requests", retry_after=1), batch(5)):
        waited = asyncio.get_running_loop().time() - began
    assert waited >= 1
    assert "take 5" in desk.story


async def test_an_answer_that_nobody_can_read_is_stepped_over(desk: Desk) -> None:
    """It is kept for the operator, and what comes behind it is taken."""
    nonsense = {"ok": True, "result": "nonsense"}
    async with told(desk, batch(5), nonsense, nonsense, batch(7)) as telegram:
        calls = [(call.get("offset"), call["limit"]) for _, call in telegram.calls]
    assert [(None, MOST), (6, MOST), (6, 1), (7, MOST), (8, MOST)] == calls
    assert [6] == [raw["update_id"] for raw in desk.buried]
    assert "take 7" in desk.story


async def test_nothing_is_stepped_over_for_the_words_of_a_gateway(desk: Desk) -> None:
    """What is between us and Telegram may say anything; the update behind it is still there."""
    gateway = {"error_code": 502, "error": "upstream"}
    async with told(desk, batch(5), gateway, gateway, batch(6)) as telegram:
        offsets = [call.get("offset") for _, call in telegram.calls]
    assert [None, 6, 6, 6, 7] == offsets
    assert [] == desk.buried
    assert "take 6" in desk.story


@pytest.mark.parametrize("code", [401, 404])
async def test_a_wrong_token_ends_it(desk: Desk, code: int) -> None:
    """To ask again cannot help."""
    telegram = Telegram([refusal(code, "Unauthorized")])
    async with bot_at(telegram.answer) as bot:
        made = Polling(bot, [], desk.take, desk.bury, desk.harden, desk.caught_up)
        with pytest.raises(WrongTokenError):
            await made.run()


async def test_another_copy_that_stays_ends_it(desk: Desk) -> None:
    """The newcomer gives way; nothing of the other's is taken."""
    conflict = refusal(409, "Conflict: terminated by other getUpdates request")
    telegram = Telegram([conflict] * 3)
    async with bot_at(telegram.answer) as bot:
        made = Polling(bot, [], desk.take, desk.bury, desk.harden, desk.caught_up)
        with pytest.raises(AnotherCopyError):
            await made.run()
    assert [] == desk.story


async def test_one_lost_poll_is_no_other_copy(desk: Desk) -> None:
    """It may have been the last poll of a program that was just killed."""
    conflict = refusal(409, "Conflict: terminated by other getUpdates request")
    async with told(desk, conflict, batch(5)):
        pass
    assert "take 5" in desk.story


async def test_a_forgotten_webhook_is_taken_away(desk: Desk) -> None:
    """Telegram gives no updates while there is one."""
    async with (
        Playground() as play,
        Person(play.url, 1) as ann,
        plain_client(play.url, timeout=10) as http,
    ):
        hook = {"url": "http://127.0.0.1:1/hook"}
        await http.post(f"/bot{play.token}/setWebhook", json=hook)
        bot = open_bot(play.token, play.url, lambda _chat, _seconds: None)
        async with polling(bot, desk) as made:
            await ann.send("hello?")
            await desk.until("harden")
            assert made.offset is not None
        await bot.session.close()


async def test_damaged_updates_come_with_the_others(desk: Desk) -> None:
    """An update of a shape that nobody knows spoils no other of its batch."""
    async with Playground() as play, Person(play.url, 1) as ann:
        bot = open_bot(play.token, play.url, lambda _chat, _seconds: None)
        await ann.send("before")
        await ann.act("raw_update", update={"message": {"nonsense": [1, {"x": None}]}})
        await ann.send("after")
        async with polling(bot, desk):
            await desk.until("harden")
        await bot.session.close()
    numbers = [raw["update_id"] for raw in desk.taken]
    assert list(range(numbers[0], numbers[0] + 3)) == numbers[:3]
    assert "nonsense" in desk.taken[1]["message"]
