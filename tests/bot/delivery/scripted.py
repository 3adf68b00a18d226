"""A Telegram that is one function or a list of answers, for what a playground never says."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot
from aiohttp import web

from bot.delivery.session import open_bot

TOKEN = "12345:a-very-secret-token-of-thirty-letters"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Hold = Callable[[int | None, float], None]

OK: dict[str, Any] = {"ok": True, "result": True}
SENT: dict[str, Any] = {"ok": True, "result": {"message_id": 77}}


def refusal(code: int, description: str, **parameters: int) -> dict[str, Any]:
    """An error as the Bot API writes it."""
    answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return {**answer, "parameters": parameters} if parameters else answer


@dataclass
class Script:
    """Gives its answers one after the other, the last one for ever, and keeps the calls."""

    answers: list[dict[str, Any]]
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        self.calls.append((request.path.rpartition("/")[2], json.loads(await request.text())))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.json_response(answer, status=answer.get("error_code", 200))

    @property
    def methods(self) -> list[str]:
        """The names of the methods that were called."""
        return [method for method, _ in self.calls]


def _ignore(chat: int | None, seconds: float) -> None:
    """Nobody has to wait."""


@asynccontextmanager
async def bot_at(handler: Handler, hold: Hold = _ignore) -> AsyncIterator[Bot]:
    """A bot whose Telegram is one function."""
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", handler)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    bot = open_bot(TOKEN, f"http://{host}:{port}", hold)
    try:
        yield bot
    finally:
        await bot.session.close()
        await runner.cleanup()
