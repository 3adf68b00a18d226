"""Somebody blocked the bot, or a group removed it: their work ends quietly."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from storage.chats import Chats
from storage.jobs import Jobs

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Drops what waits for a chat that nobody reads any more."""

    jobs: Jobs
    chats: Chats

    async def left(self, chat: int) -> None:
        """Forget what was to be done there; writing to the bot again undoes it."""
        await self.chats.mark_blocked(chat)
        dropped = await self.jobs.drop(chat)
        log.info("A chat was left; %d jobs dropped", len(dropped), extra={"action": "left"})
