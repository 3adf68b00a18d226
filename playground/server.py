"""The playground as a server: start it, use its address, stop it."""

import asyncio
from types import TracebackType
from typing import Self

from aiohttp import web

from playground.bot_http import BotApi
from playground.event_http import EventApi
from playground.file_http import FileApi
from playground.guard import Guard
from playground.options import Knobs, Options
from playground.page_http import PageApi
from playground.play_http import PlayApi
from playground.telegram import Telegram

_REQUEST_LIMIT = 64 << 20


class Playground:
    """A Bot API server with a chat page, alive between entering and leaving the context."""

    def __init__(self, options: Options | None = None, knobs: Knobs | None = None) -> None:
        self.options = options or Options()
        self.telegram = Telegram(self.options, knobs or Knobs())
        self.url = ""
        self._bot = BotApi(self.telegram, self.telegram.calls)
        self._courier: asyncio.Task[None] | None = None
        self._runner = web.AppRunner(
            self._application(),
            access_log=None,
            shutdown_timeout=0.2,
            handle_signals=False,
            handler_cancellation=True,
        )

    @property
    def token(self) -> str:
        """The token that the bot has to use."""
        return self.options.token

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        self._courier = asyncio.create_task(
            self.telegram.webhook.run(self._bot.call), name="playground webhook"
        )
        site = web.TCPSite(self._runner, self.options.host, self.options.port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://{_written(self.options.host)}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.telegram.close()
        await _ended(self._courier)
        await self._runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=_REQUEST_LIMIT)
        guard = Guard(self.options.host, *self.options.allowed_hosts)
        bot, files = self._bot, FileApi(self.telegram)
        events = EventApi(self.telegram.world.events)
        page = guard.page(PageApi(self.options.page).answer)
        application.add_routes(
            [
                web.get("/bot{token}/{method}", guard(bot.answer)),
                web.post("/bot{token}/{method}", guard(bot.answer)),
                web.get("/file/bot{token}/{path:.+}", guard(files.for_bot)),
                web.get("/play/file/{file_id}", guard(files.for_page)),
                web.get("/play/events", guard(events.answer)),
                *PlayApi(self.telegram).routes(guard),
                web.get("/", page),
                web.get("/page/{name:.*}", page),
            ]
        )
        return application


async def _ended(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()):
            raise error


def _written(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
