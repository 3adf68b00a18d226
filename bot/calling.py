"""Has Telegram call us, and asks it again until it has agreed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.polling import WrongTokenError
from bot.settings import Webhook
from bot.web import Take, served, webhook
from domain.errors import ConfigError

log = logging.getLogger(__name__)

CONNECTIONS = 40
"""How many calls Telegram may have under way."""

LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Calling:
    """Listens, and only then tells Telegram where; `caught_up` is told when calls can come."""

    bot: Bot
    allowed: Sequence[str]
    settings: Webhook
    caught_up: Callable[[], None]

    async def run(self, take: Take, harden: Callable[[], Awaitable[None]]) -> None:
        """Take calls until cancelled; raises ConfigError or WrongTokenError."""
        secret = self.settings.secret.reveal() if self.settings.secret else ""
        application = webhook(secret, take, harden)
        async with served(application, self.settings.listen, "[telegram.webhook] listen"):
            await self._announced(secret)
            self.caught_up()
            await asyncio.Event().wait()

    async def _announced(self, secret: str) -> None:
        pause = 0.5
        while True:
            try:
                await self._announce(secret)
            except (TelegramUnauthorizedError, TelegramNotFound) as error:
                raise WrongTokenError from error
            except TelegramBadRequest as error:
                raise ConfigError(f"[telegram.webhook]: Telegram says: {error.message}") from error
            except TelegramRetryAfter as error:
                pause = float(error.retry_after)
            except TelegramAPIError as error:
                log.warning("No webhook yet: %s", error.message, extra={"action": "webhook"})
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _announce(self, secret: str) -> None:
        await self.bot.set_webhook(
            self.settings.url,
            secret_token=secret,
            allowed_updates=list(self.allowed),
            max_connections=CONNECTIONS,
        )
