"""The list of commands is told to Telegram in every language, or missed without harm."""

from typing import Any

import pytest

from bot.basics import LOCALES
from bot.delivery.session import open_bot
from bot.menu import register
from playground.server import Playground
from services.commands import menu
from services.words import LANGUAGES, Words
from tests.bot.delivery.scripted import OK, Script, bot_at, refusal
from tests.telegram import Person

WORDS = Words(LOCALES)


async def test_each_language_has_its_list() -> None:
    """And whoever speaks another reads English."""
    telegram = Script([OK])
    async with bot_at(telegram.answer) as bot:
        await register(bot, WORDS)
    told = {call.get("language_code", ""): call["commands"] for _, call in telegram.calls}
    assert {"", *LANGUAGES} == set(told)
    for language, commands in told.items():
        expected = menu(WORDS.speak(language or "en"))
        assert expected == {one["command"]: one["description"] for one in commands}


async def test_administrators_read_of_their_commands_where_they_are_alone_with_the_bot() -> None:
    """Whoever has never written to it has no chat with it, which takes nothing from the others."""
    bad = refusal(400, "Bad Request: chat not found")
    telegram = Script([*[OK] * (len(LANGUAGES) + 1), bad, OK])
    async with bot_at(telegram.answer) as bot:
        await register(bot, WORDS, (41, 42))
    scoped = [(call["scope"], call["commands"]) for _, call in telegram.calls if "scope" in call]
    assert [41, *[42] * (len(LANGUAGES) + 1)] == [scope["chat_id"] for scope, _ in scoped]
    assert {"chat"} == {scope["type"] for scope, _ in scoped}
    for _, commands in scoped:
        assert "grant" in [one["command"] for one in commands]
    everybody = [call["commands"] for _, call in telegram.calls if "scope" not in call]
    assert "grant" not in [one["command"] for commands in everybody for one in commands]


async def test_telegram_takes_the_list() -> None:
    """A true server checks names and lengths."""
    async with Playground() as play, Person(play.url, 1) as ann:
        bot = open_bot(play.token, play.url, lambda _chat, _seconds: None)
        await register(bot, WORDS)
        await bot.session.close()
        listed = (await ann.look("state"))["bot"]["commands"]
    assert len(LANGUAGES) + 1 == len(listed)


@pytest.mark.parametrize(
    "answer", [refusal(429, "Too Many Requests", retry_after=3), {"error": "upstream"}]
)
async def test_a_failure_costs_only_the_list(
    caplog: pytest.LogCaptureFixture, answer: dict[str, Any]
) -> None:
    """The program goes on and says what is missing."""
    telegram = Script([answer])
    async with bot_at(telegram.answer) as bot:
        await register(bot, WORDS)
    assert ["setMyCommands"] == telegram.methods
    assert "The commands could not be listed" in caplog.text
