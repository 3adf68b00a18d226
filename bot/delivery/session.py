"""The line to Telegram: JSON instead of forms, errors without the token, and patience.

Every address of the Bot API contains the token, so no error of the HTTP client is passed on: what
comes out of here names the kind of trouble and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
)
from pydantic import ValidationError

from bot import lazy_aiogram

CONNECTIONS = 200
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0

Hold = Callable[[int | None, float], None]


class NotSent(TelegramNetworkError):
    """No connection was made, so nothing can have happened at the other end."""


class Session(AiohttpSession):
    """A session that posts JSON wherever no file is sent."""

    def __init__(self, api_base: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(api_base), limit=CONNECTIONS)
        self._secure = api_base.startswith("https:")
        self._answers: dict[str, type[Response[Any]]] = {}

    def warm(self, methods: Iterable[type[TelegramMethod[Any]]]) -> None:
        """Build what calls of these methods need; made for a thread."""
        lazy_aiogram.warm(methods)
        lazy_aiogram.warm(self._answer_to(method) for method in methods)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - the signature is aiogram's
    ) -> TelegramType:
        """Call a method; raises an error of aiogram that does not know the token."""
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        limits = ClientTimeout(
            total=ANSWER_SECONDS if timeout is None else timeout, sock_connect=CONNECT_SECONDS
        )
        try:
            async with session.post(url, timeout=limits, **self._content(bot, method)) as answer:
                status, body = answer.status, await answer.text(errors="replace")
        except (ClientConnectorError, ConnectionTimeoutError) as trouble:
            raise NotSent(method, type(trouble).__name__) from None
        except (ClientError, TimeoutError) as trouble:
            raise TelegramNetworkError(method, type(trouble).__name__) from None
        return cast(TelegramType, self.check_response(bot, method, status, body).result)

    def check_response(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        status_code: int,
        content: str,
    ) -> Response[TelegramType]:
        """Read the answer; what is no JSON comes from something between us and Telegram."""
        self._answer_to(method)
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as trouble:
            if isinstance(trouble.original, ValidationError):
                raise
        raise TelegramServerError(method, f"HTTP {status_code}, and no JSON")

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 - the signature is aiogram's
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Download; the error says why, without the address."""
        pieces = super().stream_content(url, headers, timeout, chunk_size, raise_for_status)
        try:
            async for piece in pieces:
                yield piece
        except ClientError as trouble:
            status = getattr(trouble, "status", "")
            raise ConnectionError(f"download: {type(trouble).__name__} {status}") from None
        finally:
            await pieces.aclose()

    async def close(self) -> None:
        """Hang up; only encrypted connections need a moment for that."""
        if self._session is not None and not self._session.closed:
            await self._session.close()
            if self._secure:
                await asyncio.sleep(0.25)

    def _answer_to(
        self, method: TelegramMethod[Any] | type[TelegramMethod[Any]]
    ) -> type[Response[Any]]:
        """The model of the answers to a method, kept: pydantic would build it again and again."""
        name = method.__api_method__
        if name not in self._answers:
            self._answers[name] = Response[method.__returning__]  # type: ignore[name-defined]
        return self._answers[name]

    def _content(self, bot: Bot, method: TelegramMethod[Any]) -> dict[str, Any]:
        files: dict[str, Any] = {}
        fields = {
            name: self.prepare_value(value, bot=bot, files=files, _dumps_json=False)
            for name, value in method.model_dump(warnings=False).items()
        }
        if files:
            form: FormData = self.build_form_data(bot, method)
            return {"data": form}
        body = {name: value for name, value in fields.items() if value not in (None, "")}
        json = self.json_dumps(body).encode()
        return {"data": json, "headers": {"Content-Type": "application/json"}}


class HoldBack(BaseRequestMiddleware):
    """Tells everybody who sends to a chat for how long Telegram wants silence there."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Make the call, and pass on its answer or its error."""
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as flood:
            self._hold(getattr(method, "chat_id", None), flood.retry_after)
            raise


def open_bot(token: str, api_base: str, hold: Hold) -> Bot:
    """Make the bot; `hold` is told the chat and the seconds of each 429."""
    session = Session(api_base)
    session.middleware(HoldBack(hold))
    return Bot(token, session=session)
