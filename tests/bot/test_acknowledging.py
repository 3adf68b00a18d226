"""A button that was pressed stops spinning, and one that spins on stops nothing else."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import CallbackQuery, User
from aiohttp import web

from bot.acknowledging import Acknowledging
from tests.bot.delivery.scripted import OK, Script, bot_at, refusal

WHO = User(id=1, is_bot=False, first_name="Zoe")


async def acknowledged(bot: Bot, telegram: Script, *queries: str) -> list[str]:
    """Which queries Telegram is told of, after so many were added."""
    acknowledging = Acknowledging(bot)
    for query in queries:
        acknowledging.add(CallbackQuery(id=query, from_user=WHO, chat_instance="1"))
    running = asyncio.create_task(acknowledging.run(), name="acknowledging")
    async with asyncio.timeout(10):
        while len(telegram.calls) < len(queries) and not running.done():  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.005)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    return [call["callback_query_id"] for _, call in telegram.calls]


async def test_every_press_is_acknowledged_in_order() -> None:
    """Telegram is told each query's id."""
    telegram = Script([OK])
    async with bot_at(telegram.answer) as bot:
        assert ["a", "b", "c"] == await acknowledged(bot, telegram, "a", "b", "c")
    assert {"answerCallbackQuery"} == set(telegram.methods)


@pytest.mark.parametrize(
    "trouble",
    [
        refusal(400, "Bad Request: query is too old and response timeout expired"),
        refusal(502, "Bad Gateway"),
        {"error": "upstream"},
        {"ok": True, "result": "what?"},
    ],
)
async def test_a_press_that_is_lost_loses_no_other(trouble: dict[str, Any]) -> None:
    """Whatever Telegram or a gateway says to one, the next is told."""
    telegram = Script([trouble, OK])
    async with bot_at(telegram.answer) as bot:
        assert ["a", "b"] == await acknowledged(bot, telegram, "a", "b")


async def test_a_line_that_breaks_loses_no_other() -> None:
    """A cut connection is no reason to stop."""
    telegram = Script([OK])

    async def cut_first(request: web.Request) -> web.StreamResponse:
        response = await telegram.answer(request)
        if len(telegram.calls) == 1 and request.transport is not None:
            request.transport.abort()
        return response

    async with bot_at(cut_first) as bot:
        assert ["a", "b"] == await acknowledged(bot, telegram, "a", "b")
