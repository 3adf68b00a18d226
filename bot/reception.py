"""Takes raw updates, by poll or by webhook, and has them written down."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import CallbackQuery, Message, Update, User

from services.intake import Batch, Intake
from storage.updates import Updates

log = logging.getLogger(__name__)

LARGEST_NUMBER = 1 << 63
"""Beyond what any database takes as a number."""


@dataclass(frozen=True, slots=True)
class Reception:
    """The way from Telegram's JSON to the intake.

    `seen` is told each message, so that the highest message id of each sequence is known;
    `acknowledge` answers a button press, which must not wait for anything.
    """

    bot: Bot
    routes: Dispatcher
    intake: Intake
    updates: Updates
    me: Callable[[], Awaitable[User]]
    seen: Callable[[int, int], None]
    acknowledge: Callable[[CallbackQuery], None]
    clock: Callable[[], float]

    async def take(self, raws: Sequence[dict[str, Any]]) -> None:
        """Write a batch down in one transaction; an update that nothing can read is set aside."""
        me = await self.me()
        batch = self.intake.batch()
        for raw in map(_whole, raws):
            try:
                await self._read(raw, batch, me)
            except Exception as error:
                log.exception("An update is set aside", extra={"action": "bury"})
                await self.bury(raw, f"{type(error).__name__}")
        await batch.commit()

    async def bury(self, raw: dict[str, Any], reason: str) -> None:
        """Keep a bad update where the operator can look at it."""
        body = json.dumps(_whole(raw), ensure_ascii=False)
        await self.updates.bury(_number(raw), body, reason)

    async def _read(self, raw: dict[str, Any], batch: Batch, me: User) -> None:
        update = Update.model_validate(raw, context={"bot": self.bot})
        message = update.message or update.edited_message
        if isinstance(message, Message):
            self.seen(message.chat.id, message.message_id)
        if update.callback_query:
            self.acknowledge(update.callback_query)
        desk = batch.desk(update.update_id)
        await self.routes.feed_update(self.bot, update, intake=desk, me=me, now=self.clock())


def _number(raw: Any) -> int:
    """The id of an update, 0 where it has none that could be written down."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if isinstance(number, int) and abs(number) < LARGEST_NUMBER else 0


def _whole(raw: Any) -> Any:
    """The same without halves of characters, which JSON can hold and a database cannot."""
    written = json.dumps(raw, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.loads(written.encode(errors="replace"))
    return raw
