"""An unmodified aiogram bot lives here as in Telegram."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from playground.server import Playground
from tests.playground.aiogram_bot import real_bot
from tests.playground.test_files import ogg
from tests.telegram import Person


@pytest.fixture
async def real(play: Playground) -> AsyncIterator[Bot]:
    """A real bot."""
    async with real_bot(play) as bot:
        yield bot


def _echo() -> Dispatcher:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def _on_message(message: Message) -> None:
        await message.reply(f"<b>{message.text}</b>", parse_mode="HTML")

    return dispatcher


async def test_it_polls_and_answers(play: Playground, real: Bot, ann: Person) -> None:
    """The usual polling loop gets messages and its replies arrive."""
    dispatcher = _echo()
    polling = asyncio.create_task(
        dispatcher.start_polling(real, handle_signals=False, close_bot_session=False),
        name="polling",
    )
    reply = await ann.wait_reply(timeout=20)
    assert ("hello", "bold") == (reply["text"], reply["entities"][0]["type"])
    await ann.send("again")
    assert "again" == (await ann.wait_reply())["text"]
    await dispatcher.stop_polling()
    await polling


@pytest.mark.parametrize("background", [True, False])
async def test_it_is_called_and_answers(
    play: Playground, real: Bot, ann: Person, background: bool
) -> None:
    """The usual webhook handler gets updates, in both of its manners."""
    application = web.Application()
    handler = SimpleRequestHandler(_echo(), real, handle_in_background=background, secret_token="s")
    handler.register(application, "/hook")
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await real.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s")
    assert "hello" == (await ann.wait_reply(timeout=20))["text"]
    await real.delete_webhook()
    await runner.cleanup()


async def test_it_downloads_what_was_sent(play: Playground, real: Bot, ann: Person) -> None:
    """A voice note arrives byte for byte."""
    await ann.attach("voice", ogg(2), name="v.ogg")
    update = (await real.get_updates())[-1]
    assert update.message
    assert update.message.voice
    stream = await real.download(update.message.voice)
    assert stream
    assert ogg(2) == stream.read()


async def test_it_understands_refusals(play: Playground, real: Bot, ann: Person) -> None:
    """Refusals become the exceptions that bots catch."""
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await real.send_message(999, "hi")
    await ann.act("options", flood={"private": True})
    with pytest.raises(TelegramRetryAfter) as refusal:
        await _flood(real)
    assert 1 == refusal.value.retry_after


async def _flood(real: Bot) -> None:
    for _ in range(10):
        await real.send_message(1, "hi")
