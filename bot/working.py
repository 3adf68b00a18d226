"""Works on jobs that another process takes in, and delivers their answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from aiogram.utils.token import TokenValidationError

from bot.delivery.pace import Pace
from bot.delivery.session import open_bot
from bot.duties import Duty
from bot.fed import Fed
from bot.parts import Parts
from bot.polling import WrongTokenError
from bot.settings import Config
from bot.shifts import Errand, shift
from bot.wiring import assembled
from storage.errors import StorageError

__all__ = ["StorageError", "WrongTokenError", "work"]

log = logging.getLogger(__name__)


async def work(config: Config, token: str, stop: asyncio.Event, duty: Duty) -> None:
    """Work until `stop` is set; raises StorageError or WrongTokenError."""
    pace = Pace(int(config.telegram.messages_per_second))
    try:
        bot = open_bot(token, config.telegram.api_base, pace.hold)
    except TokenValidationError as error:
        raise WrongTokenError from error
    try:
        async with (
            assembled(config, bot, pace, bot.get_me, _nothing_to_wait_for, duty=duty) as parts,
            shift(parts, config.telegram.stop_seconds, _beside(parts, stop)),
        ):
            log.info("Working", extra={"action": "ready"})
            await stop.wait()
            log.info("Stopping", extra={"action": "stop"})
    finally:
        await bot.session.close()


def _beside(parts: Parts, stop: asyncio.Event) -> Mapping[str, Errand]:
    return {"news": Fed(parts, stop).run} if parts.ground.duty.fed else {}


async def _nothing_to_wait_for() -> None:
    """What others have heard stands in the database."""
