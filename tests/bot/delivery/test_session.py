"""The line to Telegram: what goes over it, and what its errors give away."""

import gc
import json
import weakref
from typing import Any

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response
from aiogram.types import BufferedInputFile, LinkPreviewOptions, Message
from aiohttp import web

from bot.delivery.session import NotSent, open_bot
from playground.server import Playground
from tests.bot.delivery.scripted import TOKEN, bot_at
from tests.telegram import Person as Somebody


def _ignore(chat: int | None, seconds: float) -> None:
    """Nobody has to wait."""


def everything_said(error: BaseException) -> str:
    """All that a log could show of an error and of what led to it."""
    told = ""
    seen: BaseException | None = error
    while seen is not None:
        told += f"{seen!r} {seen} {vars(seen)}"
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return told


async def test_a_server_that_is_not_there_means_not_sent() -> None:
    """A refused connection is told from a lost one, and does not tell the token."""
    bot = open_bot(TOKEN, "http://127.0.0.1:9", _ignore)
    with pytest.raises(NotSent) as caught:
        await bot.send_message(1, "Hello")
    assert TOKEN not in everything_said(caught.value)
    await bot.session.close()


async def test_a_cut_connection_leaves_it_open() -> None:
    """What was cut may have happened: that is another error, which does not tell the token."""

    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with bot_at(cut) as bot:
        with pytest.raises(TelegramNetworkError) as caught:
            await bot.send_message(1, "Hello")
    assert not isinstance(caught.value, NotSent)
    assert TOKEN not in everything_said(caught.value)


@pytest.mark.parametrize("status", [200, 404, 502])
async def test_an_answer_that_is_no_json_is_an_error_of_a_server(status: int) -> None:
    """A gateway's page of HTML is neither read nor quoted."""

    async def page(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text="<html>a secret</html>")

    async with bot_at(page) as bot:
        with pytest.raises(TelegramServerError) as caught:
            await bot.send_message(1, "Hello")
    assert "secret" not in everything_said(caught.value)


async def test_an_answer_of_another_shape_is_a_decode_error() -> None:
    """JSON that is no message is told from an answer that never came."""

    async def strange(_: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": {"unexpected": 1}})

    async with bot_at(strange) as bot:
        with pytest.raises(ClientDecodeError):
            await bot.send_message(1, "Hello")


async def test_a_failed_download_does_not_tell_the_token() -> None:
    """The address of a file contains the token; the error names only the status."""

    async def missing(_: web.Request) -> web.StreamResponse:
        return web.Response(status=404)

    async with bot_at(missing) as bot:
        with pytest.raises(ConnectionError, match="404") as caught:
            await bot.download_file("photos/file_1.jpg")
    assert TOKEN not in everything_said(caught.value)


async def test_calls_are_json_without_empty_fields() -> None:
    """Nested objects go as they are, defaults and nothing are left out."""
    bodies: list[Any] = []

    async def keep(request: web.Request) -> web.StreamResponse:
        bodies.append((request.content_type, json.loads(await request.text())))
        return web.json_response({"ok": True, "result": True})

    async with bot_at(keep) as bot:
        await bot.set_my_name("")
        await bot.edit_message_text(
            "Hello",
            chat_id=1,
            message_id=2,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
    text = {"text": "Hello", "chat_id": 1, "message_id": 2}
    assert [
        ("application/json", {}),
        ("application/json", {**text, "link_preview_options": {"is_disabled": True}}),
    ] == bodies


async def test_the_models_of_answers_are_built_once(play: Playground, ann: Somebody) -> None:
    """Left to itself, pydantic forgets them, and building one takes longer than many calls."""
    await ann.send("Hello?")
    bot = open_bot(play.token, play.url, _ignore)
    await bot.send_message(1, "Hello")
    model = weakref.ref(Response[Message])
    gc.collect()
    assert model() is not None
    await bot.session.close()


async def test_files_go_as_forms(play: Playground, ann: Somebody) -> None:
    """What aiogram uploads arrives as ever."""
    await ann.send("Hello?")
    bot = open_bot(play.token, play.url, _ignore)
    message = await bot.send_document(1, BufferedInputFile(b"content", "a.txt"), caption="File")
    assert isinstance(message, Message)
    assert message.document is not None
    assert ("a.txt", 7, "File") == (
        message.document.file_name,
        message.document.file_size,
        message.caption,
    )
    await bot.session.close()


async def test_every_429_is_passed_on(play: Playground, ann: Somebody) -> None:
    """Whoever makes a call, the pace is told for how long Telegram wants silence."""
    held: list[tuple[int | None, float]] = []
    await ann.send("Hello?")
    bot = open_bot(play.token, play.url, lambda chat, seconds: held.append((chat, seconds)))
    await ann.act("options", flood={"private": True})
    for number in range(5):
        await bot.send_message(1, f"{number}")
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(1, "One too many")
    assert [(1, 1)] == held
    await bot.session.close()
