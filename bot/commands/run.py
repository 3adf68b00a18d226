"""`python -m bot run`: serve Telegram."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
from contextlib import suppress
from pathlib import Path

from bot import lazy_aiogram
from bot.alive import AlreadyHeldError, Lock
from bot.config import secrets_of
from bot.description import without_login
from bot.exits import ANOTHER_COPY, DONE, STORAGE, WRONG_TOKEN, told
from bot.logs import set_up
from bot.settings import Config
from bot.signals import stop_signals
from domain.errors import ConfigError
from storage.errors import StorageError

LOCK = "bot.lock"
"""In the data folder; who serves holds it."""

GLANCES = 2
"""How often a lock that is held may be a glance of the doctor's."""

NOT_SET = """\
no Telegram token: set {variable} to the one that @BotFather gave you, \
or try the bot without one: python -m bot playground"""

UNKNOWN_TOKEN = "Telegram does not know this token; ask @BotFather for it"  # noqa: S105 - a sentence


async def main(config: Config, _arguments: argparse.Namespace) -> int:
    """Serve until asked to stop; gives the exit code."""
    if config.telegram.token is None:
        raise ConfigError(NOT_SET.format(variable=config.telegram.token_env))
    set_up(config.logging.level, config.logging.format, secrets_of(config), sys.stderr)
    with stop_signals() as stop:
        return await alone(config, config.telegram.token.reveal(), stop)


async def alone(config: Config, token: str, stop: asyncio.Event, lock: str = LOCK) -> int:
    """Serve as the only one in the data folder; gives the exit code."""
    folder = config.storage.data_dir
    try:
        held = await _taken(folder / lock)
    except AlreadyHeldError:
        return told(f"another Hearthbot uses {folder}; stop it first", ANOTHER_COPY)
    except OSError as error:
        return told(f"{folder} cannot be written: {error.strerror}", STORAGE)
    try:
        return await _serve(config, token, stop)
    finally:
        held.release()


async def _taken(path: Path) -> Lock:
    """The lock; who only looks whether somebody holds it holds it for a moment."""
    for _ in range(GLANCES):
        with suppress(AlreadyHeldError):
            return Lock.take(path)
        await asyncio.sleep(0.05)
    return Lock.take(path)


async def _serve(config: Config, token: str, stop: asyncio.Event) -> int:
    lazy_aiogram.load()
    serving = importlib.import_module("bot.serving")
    try:
        await serving.serve(config, token, stop)
    except serving.WrongTokenError:
        return told(UNKNOWN_TOKEN, WRONG_TOKEN)
    except serving.AnotherCopyError:
        return told("another program polls with this token; only one may", ANOTHER_COPY)
    except serving.StorageError as error:
        return told(about_storage(config, error), STORAGE)
    return DONE


def about_storage(config: Config, error: StorageError) -> str:
    """What is wrong, and with which database."""
    where = without_login(config.storage.database_url).removeprefix("sqlite:///")
    return str(error) if where in str(error) else f"{where}: {error}"
