"""What the program serves over HTTP: Telegram's webhook, and the state of its health."""

from __future__ import annotations

import hmac
import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.checks import host_and_port
from domain.errors import ConfigError

log = logging.getLogger(__name__)

LARGEST_UPDATE = 1 << 20
"""Bytes of an update; Telegram's are far below."""

Take = Callable[[Sequence[dict[str, Any]]], Awaitable[None]]


def webhook(secret: str, take: Take, harden: Callable[[], Awaitable[None]]) -> web.Application:
    """Telegram's calls: the secret is checked first, and 200 means that it is written down."""

    async def receive(request: web.Request) -> web.Response:
        shown = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(shown.encode(errors="surrogateescape"), secret.encode()):
            return web.Response(status=401)
        try:
            update = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        await take([update])
        await harden()
        return web.Response()

    application = web.Application(client_max_size=LARGEST_UPDATE)
    application.router.add_post("/{path:.*}", receive)
    return application


def health(
    state: Callable[[], Awaitable[dict[str, Any]]], metrics: Callable[[], Awaitable[str]]
) -> web.Application:
    """`/healthz` for whatever watches the program, `/metrics` for Prometheus."""

    async def healthz(_request: web.Request) -> web.Response:
        told = await state()
        return web.Response(
            text=json.dumps(told),
            content_type="application/json",
            status=200 if told["ok"] else 503,
        )

    async def numbers(_request: web.Request) -> web.Response:
        return web.Response(text=await metrics(), content_type="text/plain")

    application = web.Application()
    application.router.add_get("/healthz", healthz)
    application.router.add_get("/metrics", numbers)
    return application


@asynccontextmanager
async def served(application: web.Application, listen: str, setting: str) -> AsyncIterator[None]:
    """Serve while the block runs; raises ConfigError that names the setting."""
    host, port = host_and_port(listen)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise ConfigError(f"{setting}: cannot listen on {listen}: {reason}") from error
        log.info("Listening on %s", listen, extra={"action": "listen"})
        yield
    finally:
        await runner.cleanup()
