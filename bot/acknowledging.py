"""Button presses are acknowledged at once, so that the button stops spinning."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import CallbackQuery

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Acknowledging:
    """Answers callback queries; one that is lost costs a spinning button and nothing else."""

    bot: Bot
    waiting: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def add(self, query: CallbackQuery) -> None:
        """Answer it soon."""
        self.waiting.put_nowait(query.id)

    async def run(self) -> None:
        """Answer what is waiting, until cancelled."""
        while True:
            query = await self.waiting.get()
            try:
                await self.bot.answer_callback_query(query, request_timeout=10)
            except (TelegramAPIError, ClientDecodeError) as error:
                log.info("A button spins on: %s", error.message, extra={"action": "acknowledge"})
