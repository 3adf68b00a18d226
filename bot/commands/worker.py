"""`python -m bot worker`: work on the jobs that `python -m bot run` takes in, as many as you like.

Commands and buttons are left to the process that listens: they must not wait for anything. `run`
starts one for the work that takes minutes, and feeds it with news.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys

from bot import lazy_aiogram
from bot.commands.run import NOT_SET, UNKNOWN_TOKEN, about_storage
from bot.config import secrets_of
from bot.duties import POOLS, Duty
from bot.exits import DONE, MISUSED, STORAGE, WRONG_TOKEN, told
from bot.logs import set_up
from bot.settings import Config
from bot.signals import stop_signals
from domain.errors import ConfigError


async def main(config: Config, arguments: argparse.Namespace) -> int:
    """Work until asked to stop; gives the exit code."""
    wanted = [name for name in arguments.tasks.replace(" ", "").split(",") if name]
    unknown = [name for name in wanted if name not in POOLS]
    if unknown:
        return told(f"there is no task {unknown[0]!r}; there are {', '.join(POOLS)}", MISUSED)
    if config.telegram.token is None:
        raise ConfigError(NOT_SET.format(variable=config.telegram.token_env))
    duty = Duty(frozenset(wanted or POOLS), listens=False, fed=arguments.fed)
    who = "worker" if duty.fed else ""
    set_up(config.logging.level, config.logging.format, secrets_of(config), sys.stderr, who)
    with stop_signals() as stop:
        return await _work(config, config.telegram.token.reveal(), stop, duty)


async def _work(config: Config, token: str, stop: asyncio.Event, duty: Duty) -> int:
    lazy_aiogram.load()
    working = await asyncio.to_thread(importlib.import_module, "bot.working")
    try:
        await working.work(config, token, stop, duty)
    except working.WrongTokenError:
        return told(UNKNOWN_TOKEN, WRONG_TOKEN)
    except working.StorageError as error:
        return told(about_storage(config, error), STORAGE)
    return DONE
