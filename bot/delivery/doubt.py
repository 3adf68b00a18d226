"""A message that may have arrived is looked for before it is sent again.

Telegram has no key that would make a repeated send harmless. But an edit to the very same content
tells: a message that says so already "is not modified", and one that does not exist is "not found".
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.delivery.body import Body
from bot.delivery.calls import editing
from bot.delivery.newest import Newest, sequence
from bot.delivery.pace import Pace
from bot.delivery.verdicts import UNSETTLED, Verdict, judge, pause_after
from storage.outbox import Outbox, Row

PROBES = 300
_UNSEEN = 20  # messages of others in a supergroup that a bot in privacy mode does not see
_SLACK = 2


@dataclass(slots=True)
class Doubt:
    """Tries the ids that a message could have been given, the lowest first."""

    bot: Bot
    outbox: Outbox
    pace: Pace
    newest: Newest
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def find(self, row: Row, body: Body, others: int) -> int | None:
        """The message's id if it has arrived; `others` counts what else may be under way.

        Comes back only when it is known, however long Telegram cannot be reached.
        """
        known = await self.outbox.recorded(row.chat, row.after)
        # other processes may have heard and sent what this one knows nothing of
        stored = (await self.outbox.newest([row.chat]))[row.chat]
        self.newest.saw(row.chat, stored)
        for message in self._candidates(row, others):
            if message not in known and await self._is_it(row.chat, message, body):
                return message
        return None

    def _candidates(self, row: Row, others: int) -> Iterator[int]:
        slack = _UNSEEN if sequence(row.chat) else _SLACK
        highest = max(self.newest.of(row.chat), row.after) + 1 + others + slack
        lowest = row.after + 1 if row.after else max(1, highest - PROBES + 1)
        return iter(range(lowest, min(highest, lowest + PROBES - 1) + 1))

    async def _is_it(self, chat: int, message: int, body: Body) -> bool:
        failures = 0
        while True:
            await self.pace.answer(chat)
            try:
                await self.bot(editing(chat, message, body))
            except AiogramError as error:
                verdict = judge(error)
                if verdict is Verdict.FORMATTING and body.formatted:
                    body = body.plain()
                elif verdict in UNSETTLED:
                    failures += verdict is not Verdict.FLOOD
                    await self.sleep(pause_after(failures))
                else:
                    return verdict is Verdict.DONE
            else:
                return True
