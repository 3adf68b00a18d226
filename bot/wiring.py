"""Opens what the program stands on, and closes it again in the reverse order."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from aiogram import Bot
from aiogram.types import User

from bot.alive import Workers
from bot.backend_tables import build_backend
from bot.delivery.pace import Pace
from bot.parts import Ground, Parts
from bot.settings import BackendTable, Config
from services.chain import Candidate, Chain
from services.skills import ChatModel
from services.wire import Wire
from storage.database import Database


@asynccontextmanager
async def assembled(
    config: Config,
    bot: Bot,
    pace: Pace,
    me: Callable[[], Awaitable[User]],
    caught_up: Callable[[], Awaitable[None]],
    *,
    listens: bool = True,
) -> AsyncIterator[Parts]:
    """Open what has to be open while the block runs: database, network, embedded engines.

    Jobs that a dead process had been working on are back in line when the block begins. Who does
    not listen works on jobs that others take in.
    """
    async with AsyncExitStack() as stack:
        folder = config.storage.data_dir
        backups = folder / "backups"
        database = await Database.open(config.storage.database_url, backup_dir=backups)
        stack.push_async_callback(database.close)
        wire = Wire()
        stack.push_async_callback(wire.aclose)
        candidates = chat_candidates(config, wire)
        for one in candidates:
            if close := getattr(one.backend, "aclose", None):
                stack.push_async_callback(close)
        name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        living = Workers(folder / "workers")
        stack.callback(living.join(name).release)
        ground = Ground(config, bot, pace, me, caught_up, database, name, living, listens)
        parts = Parts(ground, Chain("chat", candidates))
        await parts.janitor.recover()
        await parts.languages.load()
        yield parts


def chat_candidates(config: Config, wire: Wire) -> list[Candidate[ChatModel]]:
    """The chain that the configuration describes."""
    return [_candidate(table, config.storage.data_dir, wire) for table in config.chat]


def _candidate(table: BackendTable, folder: Path, wire: Wire) -> Candidate[ChatModel]:
    backend = build_backend(table, {"wire": wire, "data_dir": folder})
    return Candidate(backend, table.slots, table.categories, cloud=table.cloud, gpu=table.gpu)
