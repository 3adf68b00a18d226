"""The list of commands that Telegram shows, in every language that the bot speaks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import BotCommand

if TYPE_CHECKING:
    from services.words import Words

log = logging.getLogger(__name__)


async def register(bot: Bot, words: Words) -> None:
    """Tell Telegram the commands; a failure costs the list, not the bot."""
    # the commands bring the database along, for which the first poll does not wait
    from services.commands import LANGUAGES, menu  # noqa: PLC0415

    try:
        for language in ("", *LANGUAGES):
            listed = menu(words.speak(language)).items()
            commands = [BotCommand(command=name, description=said) for name, said in listed]
            await bot.set_my_commands(commands, language_code=language or None)
    except (TelegramAPIError, ClientDecodeError) as error:
        log.warning("The commands could not be listed: %s", error.message, extra={"action": "menu"})
