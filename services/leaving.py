"""Somebody blocked the bot, or a group removed it: their work ends quietly."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from storage.chats import Chats
from storage.jobs import Jobs

log = logging.getLogger(__name__)


def _not_here(_job: int) -> None:
    """Nothing runs in this process."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Ends the work for a chat that nobody reads any more; `stop` ends a job that runs."""

    jobs: Jobs
    chats: Chats
    stop: Callable[[int], None] = _not_here

    async def left(self, chat: int) -> None:
        """Forget what was to be done there; writing to the bot again undoes it."""
        await self.chats.mark_blocked(chat)
        dropped = await self.jobs.drop(chat)
        for job in await self.jobs.running_in(chat, but="quick"):
            self.stop(job)
        log.info("A chat was left; %d jobs dropped", len(dropped), extra={"action": "left"})
