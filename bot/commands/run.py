"""`python -m bot run`: serve Telegram."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys

from bot import lazy_aiogram
from bot.alive import AlreadyHeldError, Lock
from bot.config import secrets_of
from bot.exits import ANOTHER_COPY, DONE, STORAGE, WRONG_TOKEN
from bot.logs import set_up
from bot.settings import Config
from bot.signals import stop_signals
from domain.errors import ConfigError

NO_TOKEN = """\
no Telegram token: set {variable} to the one that @BotFather gave you, \
or try the bot without one: python -m bot playground"""


async def main(config: Config, _arguments: argparse.Namespace) -> int:
    """Serve until asked to stop; gives the exit code."""
    if config.telegram.token is None:
        raise ConfigError(NO_TOKEN.format(variable=config.telegram.token_env))
    set_up(config.logging.level, config.logging.format, secrets_of(config), sys.stderr)
    try:
        lock = Lock.take(config.storage.data_dir / "bot.lock")
    except AlreadyHeldError:
        return _told(
            f"another Hearthbot uses {config.storage.data_dir}; stop it first", ANOTHER_COPY
        )
    try:
        with stop_signals() as stop:
            return await _serve(config, config.telegram.token.reveal(), stop)
    finally:
        lock.release()


async def _serve(config: Config, token: str, stop: asyncio.Event) -> int:
    lazy_aiogram.load()
    serving = importlib.import_module("bot.serving")
    try:
        await serving.serve(config, token, stop)
    except serving.WrongTokenError:
        return _told("Telegram does not know this token; ask @BotFather for it", WRONG_TOKEN)
    except serving.AnotherCopyError:
        return _told("another program polls with this token; only one may", ANOTHER_COPY)
    except serving.StorageError as error:
        return _told(str(error), STORAGE)
    return DONE


def _told(sentence: str, code: int) -> int:
    sys.stderr.write(f"hearthbot: {sentence}\n")
    return code
