"""Looks at what the bot needs: Telegram, the database, the backends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.utils.token import TokenValidationError

from bot.backend_tables import build_backend
from bot.commands.run import NOT_SET
from bot.config import SKILLS
from bot.delivery.session import open_bot
from bot.description import without_login
from bot.findings import Finding, State
from bot.settings import BackendTable, Config
from domain.errors import BackendError, ConfigError, ModelMissing, PartsMissing
from services.graphs import Graphs
from services.skills import Backend, Ready
from services.sound.ffmpeg import FfmpegMissing, find
from services.wire import Wire
from storage.checkup import Form, examine
from storage.errors import StorageError

LOOK_SECONDS = 8.0

MOST_MODELS = 8
"""How many models of a backend are named, and how many voices."""

SAID = {
    Form.NONE: "not there yet; the first start makes it",
    Form.OLDER: "of an older form; the next start makes a copy and brings it up to date",
    Form.NEWEST: "well",
}


async def examined(config: Config) -> list[Finding]:
    """Look at everything at the same time."""
    tables = [table for skill in SKILLS for table in getattr(config, skill)]
    async with aclosing(Wire()) as wire, asyncio.TaskGroup() as group:
        telegram = group.create_task(_telegram(config), name="look at Telegram")
        database = group.create_task(_database(config), name="look at the database")
        looks = [
            group.create_task(_backend(table, config, wire), name=f"look at {table.use}")
            for table in tables
        ]
    found = [look.result() for look in looks]
    graphs = await asyncio.to_thread(_graphs, config)
    said = [telegram.result(), database.result(), *found, *graphs]
    return [*said, *_ffmpeg(), *_nobody(tables, found)]


async def _telegram(config: Config) -> Finding:
    settings = config.telegram
    if settings.token is None:
        said, _, cure = NOT_SET.format(variable=settings.token_env).partition(": ")
        return Finding(State.MISSING, "Telegram", said, cure)
    try:
        bot = open_bot(settings.token.reveal(), settings.api_base, lambda *_: None)
    except TokenValidationError:
        return Finding(State.MISSING, "Telegram", "this is no token", "ask @BotFather for one")
    try:
        return await _me(bot, without_login(settings.api_base))
    finally:
        await bot.session.close()


async def _me(bot: Bot, base: str) -> Finding:
    try:
        me = await bot.get_me(request_timeout=int(LOOK_SECONDS))
    except (TelegramUnauthorizedError, TelegramNotFound):
        said = "does not know this token"
        return Finding(State.MISSING, "Telegram", said, "ask @BotFather for it")
    except TelegramAPIError as error:
        said = f"{base} does not answer ({type(error).__name__})"
        return Finding(State.MISSING, "Telegram", said, "look at the network and at api_base")
    return Finding(State.WELL, "Telegram", f"the bot is @{me.username}")


async def _database(config: Config) -> Finding:
    url = config.storage.database_url
    try:
        form = await asyncio.to_thread(examine, url)
    except (StorageError, ConfigError) as error:
        return Finding(State.MISSING, "database", str(error), f"it is {without_login(url)}")
    return Finding(State.WELL, "database", f"{without_login(url)}: {SAID[form]}")


async def _backend(table: BackendTable, config: Config, wire: Wire) -> Finding:
    name = f"{table.skill} {table.position}"
    provided = {"wire": wire, "data_dir": config.storage.data_dir}
    backend: Backend = build_backend(table, provided)
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            ready = await backend.ready()
    except TimeoutError:
        return _down(table, name, backend.label, "no answer in time", _start(table))
    except ModelMissing as error:
        said = f"reached, but {error.model!r} is missing"
        return _down(table, name, backend.label, said, error.cure)
    except PartsMissing as error:
        said = f"reached, but {error.missing}"
        return _down(table, name, backend.label, said, error.cure)
    except BackendError as error:
        said, _, cure = error.reason.partition("; run: ")
        return _down(table, name, backend.label, said, cure or _start(table))
    if ready.lacking:
        said, _, cure = "; ".join(ready.lacking).partition("; ")
        return Finding(State.REMARK, name, f"{backend.label}: {_has(ready)}; but {said}", cure)
    return Finding(State.WELL, name, f"{backend.label}: {_has(ready)}")


def _down(table: BackendTable, name: str, label: str, said: str, cure: str) -> Finding:
    """Who stands in no file need not be there."""
    state = State.REMARK if table.source == "defaults" else State.MISSING
    return Finding(state, name, f"{label}: {said}", cure)


def _start(table: BackendTable) -> str:
    if table.source == "defaults":
        return "start it where you have it; nothing has to be done where you have not"
    place = f"[[{table.skill}]] number {table.position} in {table.source}"
    return f"start it, or correct {place}" if table.url else f"look at {place}"


def _has(ready: Ready) -> str:
    """Its models, and its voices with their languages."""
    voices = _listed([f"{one.name} ({one.language or '?'})" for one in ready.voices])
    parts = [_listed(ready.models), f"voices {voices}" if voices else ""]
    return "; ".join(part for part in parts if part) or "reached"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_MODELS
    return ", ".join(names[:MOST_MODELS]) + (f" and {more} more" if more > 0 else "")


def _ffmpeg() -> list[Finding]:
    """Recordings are opened and voice messages made with it."""
    try:
        find()
    except FfmpegMissing as error:
        return [Finding(State.MISSING, "ffmpeg", error.why, f"run: {error.cure}")]
    return []


def _graphs(config: Config) -> list[Finding]:
    """The owner's graphs that cannot be used, where anything is drawn or filmed."""
    if not (config.image or config.video):
        return []
    broken = Graphs.beside(config.storage.data_dir).broken()
    cure = "correct it, or take it away"
    return [Finding(State.MISSING, "graph", str(error), cure) for error in broken]


def _nobody(tables: Sequence[BackendTable], found: Sequence[Finding]) -> list[Finding]:
    """A bot that nobody answers for is not well, whatever its defaults are."""
    chat = [one for table, one in zip(tables, found, strict=True) if table.skill == "chat"]
    if any(one.state is State.WELL for one in chat):
        return []
    said = "no model can be reached"
    return [Finding(State.MISSING, "chat", said, "install Ollama, or run: make install")]
