"""Opens what the program stands on, and closes it again in the reverse order."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.types import User

from bot.alive import Workers
from bot.backend_tables import build_backend
from bot.card_tables import cards_of
from bot.delivery.pace import Pace
from bot.duties import EVERYTHING, Duty
from bot.grounds import Chains, Ground
from bot.parts import Parts
from bot.settings import BackendTable, Config
from services.cards import Cards
from services.chain import Candidate, Chain, Patience
from services.wire import Wire
from storage.database import Database

WATCH_SECONDS = 20.0
"""Between two looks at backends that another process works with."""


@dataclass(frozen=True, slots=True)
class Supply:
    """What backends are given beside their configuration."""

    wire: Wire
    cards: Cards


@asynccontextmanager
async def assembled(
    config: Config,
    bot: Bot,
    pace: Pace,
    me: Callable[[], Awaitable[User]],
    caught_up: Callable[[], Awaitable[None]],
    *,
    duty: Duty = EVERYTHING,
) -> AsyncIterator[Parts]:
    """Open what has to be open while the block runs: database, network, embedded engines.

    Jobs that a dead process had been working on are back in line when the block begins. What is
    opened is what the `duty` needs.
    """
    async with AsyncExitStack() as stack:
        folder = config.storage.data_dir
        backups = folder / "backups"
        database = await Database.open(config.storage.database_url, backup_dir=backups)
        stack.push_async_callback(database.close)
        wire = Wire()
        stack.push_async_callback(wire.aclose)
        cards = cards_of(config, wire)
        stack.callback(cards.close)
        chains = _chains(config, Supply(wire, cards), duty, stack)
        name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        living = Workers(folder / "workers")
        stack.callback(living.join(name).release)
        ground = Ground(config, bot, pace, me, caught_up, database, name, living, cards, duty)
        parts = Parts(ground, chains)
        stack.push_async_callback(parts.sights.opener.aclose)
        stack.push_async_callback(parts.sights.meaning.aclose)
        await parts.janitor.recover()
        await parts.basics.load()
        yield parts


def _chains(config: Config, supply: Supply, duty: Duty, stack: AsyncExitStack) -> Chains:
    """The backends that the configuration describes; the embedded ones are closed at the end."""

    def chain(skill: str) -> Chain[Any]:
        found = candidates(config, skill, supply) if duty.needs(skill) else []
        if not duty.talks:
            # a model that only shows that the pipe works is no good for anything else
            found = [one for one in found if not getattr(one.backend, "demonstration", False)]
        for one in found:
            if close := getattr(one.backend, "aclose", None):
                stack.push_async_callback(close)
        watch = WATCH_SECONDS if duty.watches(skill) else 0.0
        return Chain(skill, found, Patience(watch_every=watch))

    return Chains(
        chat=chain("chat"),
        hear=chain("hear"),
        speak=chain("speak"),
        vision=chain("vision"),
        embed=chain("embed"),
        image=chain("image"),
        video=chain("video"),
    )


def candidates(config: Config, skill: str, supply: Supply) -> list[Candidate[Any]]:
    """The backends of a skill, in the order of the configuration."""
    provided = {"wire": supply.wire, "data_dir": config.storage.data_dir}
    tables: tuple[BackendTable, ...] = getattr(config, skill)
    return [_candidate(table, provided, supply.cards) for table in tables]


def _candidate(table: BackendTable, provided: Mapping[str, object], cards: Cards) -> Candidate[Any]:
    backend = build_backend(table, provided)
    seat = cards.seat(table.gpu, table.skill)
    return Candidate(backend, table.slots, table.categories, cloud=table.cloud, seat=seat)
