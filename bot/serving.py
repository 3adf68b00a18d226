"""Serves Telegram: listens, works, delivers, and stops in good order."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiogram import Bot
from aiogram.types import Update, User
from aiogram.utils.token import TokenValidationError

from bot.companion import Companion, Ties, command
from bot.config import environment_for
from bot.delivery.pace import Pace
from bot.delivery.session import Session, open_bot
from bot.duties import EVERYTHING, MINUTES, Duty
from bot.lazy_aiogram import warm
from bot.menu import register
from bot.polling import AnotherCopyError, Polling, WrongTokenError
from bot.settings import Config
from bot.shifts import Errand, shift
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.parts import Parts

__all__ = ["AnotherCopyError", "StorageError", "WrongTokenError", "serve"]

log = logging.getLogger(__name__)

UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "stopped_message_generation",
]
"""What Telegram is asked for: what the handlers take, and no more."""


async def serve(config: Config, token: str, stop: asyncio.Event) -> None:
    """Serve until `stop` is set.

    The first long poll is on its way before the database is open: nothing that it brings is
    confirmed before it is written down, and a start is as quick as the network allows.
    Raises WrongTokenError, AnotherCopyError, StorageError or ConfigError.
    """
    pace = Pace(int(config.telegram.messages_per_second))
    try:
        bot = open_bot(token, config.telegram.api_base, pace.hold)
    except TokenValidationError as error:
        raise WrongTokenError from error
    house = House(config, bot, pace, asyncio.get_running_loop().create_future())
    try:
        await house.run(stop)
    finally:
        await bot.session.close()


@dataclass(slots=True)
class House:
    """The program while it lives."""

    config: Config
    bot: Bot
    pace: Pace
    opened: asyncio.Future[Parts]
    caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    me: User | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Listen and work until `stop` is set or listening fails."""
        listening = asyncio.create_task(self._listen(), name="listening")
        stopping = asyncio.create_task(stop.wait(), name="stop signal")
        try:
            wiring = await asyncio.to_thread(importlib.import_module, "bot.wiring")
            async with wiring.assembled(
                self.config, self.bot, self.pace, self._me, self._when_caught_up, duty=self._duty
            ) as parts:
                await self._work(parts, listening, stopping)
        finally:
            listening.cancel()
            stopping.cancel()
            await asyncio.wait({listening, stopping})

    async def _work(
        self, parts: Parts, listening: asyncio.Task[None], stopping: asyncio.Task[Any]
    ) -> None:
        """Run all parts; when it is time to stop, end them in the order of the work's flow."""
        seconds = self.config.telegram.stop_seconds
        async with AsyncExitStack() as stack:
            await self._serve_health(parts, stack)
            companion = await self._accompanied(parts, stack)
            await stack.enter_async_context(shift(parts, seconds, self._background(parts)))
            self.opened.set_result(parts)
            await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            log.info("Stopping", extra={"action": "stop"})
            if companion:
                companion.dismiss()
            failed = listening.done()
            if not failed:
                listening.cancel()
                await asyncio.wait({listening})
        if failed:
            listening.result()

    @property
    def _duty(self) -> Duty:
        """What takes minutes is left to a process of its own, where there can be any such work."""
        if self.config.image or self.config.video:
            return Duty(EVERYTHING.tasks - MINUTES)
        return EVERYTHING

    async def _accompanied(self, parts: Parts, stack: AsyncExitStack) -> Companion | None:
        """Have a process at work beside this one, if there is work for it."""
        if parts.ground.duty == EVERYTHING:
            return None
        companion = Companion(
            command(self.config.source),
            environment_for(self.config),
            Ties(parts.arrived, parts.janitor.recover),
            self.config.telegram.stop_seconds,
        )
        parts.basics.jobs.on_change = companion.tell
        await stack.enter_async_context(companion.at_work())
        return companion

    def _background(self, parts: Parts) -> Mapping[str, Errand]:
        return {
            "board": parts.board.run,
            "acknowledging": parts.acknowledging.run,
            "menu": lambda: register(self.bot, parts.basics.words, self.config.access.admins),
            "schedule": lambda: self._keep_schedule(parts),
            "warming up": lambda: asyncio.to_thread(_warm_up, self.bot),
        }

    async def _listen(self) -> None:
        """Take updates, by poll or by webhook, until cancelled."""
        if self.config.telegram.mode == "webhook":
            await self._listen_for_calls()
        polling = Polling(self.bot, UPDATES, self._take, self._bury, self._harden, self._caught_up)
        await polling.run()

    async def _listen_for_calls(self) -> None:
        await asyncio.shield(self.opened)
        calling = importlib.import_module("bot.calling")
        calls = calling.Calling(self.bot, UPDATES, self.config.telegram.webhook, self._caught_up)
        await calls.run(self._take, self._harden)

    async def _take(self, raws: Sequence[dict[str, Any]]) -> None:
        parts = await asyncio.shield(self.opened)
        await parts.reception.take(raws)

    async def _bury(self, raw: dict[str, Any], reason: str) -> None:
        parts = await asyncio.shield(self.opened)
        await parts.reception.bury(raw, reason)

    async def _harden(self) -> None:
        parts = await asyncio.shield(self.opened)
        await parts.ground.database.harden()

    def _caught_up(self) -> None:
        """All that had waited is taken; now there is time to prepare for what comes."""
        if not self.caught_up.is_set():
            self.caught_up.set()
            log.info("Listening", extra={"action": "ready"})

    async def _when_caught_up(self) -> None:
        await self.caught_up.wait()

    async def _keep_schedule(self, parts: Parts) -> None:
        """Do what is due; it can wait until nobody waits for an answer any more."""
        await self.caught_up.wait()
        await parts.quotas.schedule.run()

    async def _me(self) -> User:
        if self.me is None:
            self.me = await self.bot.get_me()
        return self.me

    async def _serve_health(self, parts: Parts, stack: AsyncExitStack) -> None:
        if self.config.health.listen:
            web, report = importlib.import_module("bot.web"), parts.report
            application = web.health(report.health, report.metrics)
            where = self.config.health.listen
            await stack.enter_async_context(web.served(application, where, "[health] listen"))


def _warm_up(bot: Bot) -> None:
    """Do what the first message would otherwise wait for, while the first long poll waits."""
    warming = importlib.import_module("bot.delivery.warming")
    warm([Update])
    if isinstance(bot.session, Session):
        warming.warm(bot.session)
    importlib.import_module("httpx")
