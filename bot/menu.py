"""The list of commands that Telegram shows, in every language that the bot speaks."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest
from aiogram.types import BotCommand, BotCommandScopeChat

if TYPE_CHECKING:
    from services.words import Words

log = logging.getLogger(__name__)


async def register(bot: Bot, words: Words, admins: Iterable[int] = ()) -> None:
    """Tell Telegram the commands, and administrators theirs in their private chats.

    A failure costs a list, not the bot.
    """
    if await _listed(bot, words, None):
        for admin in admins:
            await _listed(bot, words, admin)


async def _listed(bot: Bot, words: Words, admin: int | None) -> bool:
    """Tell the commands of everybody, or of an administrator; False if that did not succeed."""
    # the commands bring the database along, for which the first poll does not wait
    from services.commands import LANGUAGES, menu  # noqa: PLC0415

    scope = None if admin is None else BotCommandScopeChat(chat_id=admin)
    try:
        for language in ("", *LANGUAGES):
            listed = menu(words.speak(language), admin=admin is not None).items()
            commands = [BotCommand(command=name, description=said) for name, said in listed]
            await bot.set_my_commands(commands, scope=scope, language_code=language or None)
    except TelegramBadRequest as error:
        if admin is None:
            return _missed(error.message)
        return True  # an administrator who has never written to the bot has no chat with it
    except (TelegramAPIError, ClientDecodeError) as error:
        return _missed(error.message)
    return True


def _missed(why: str) -> bool:
    log.warning("The commands could not be listed: %s", why, extra={"action": "menu"})
    return False
