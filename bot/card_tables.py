"""The graphics cards that the configuration names, and whose memory is on each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from bot.backend_tables import build_backend
from bot.config import SKILLS
from bot.settings import BackendTable, Config
from services.cards import Cards
from services.relief import Relief
from services.turns import Hours, Side, Turns, side_of
from services.wire import Wire


def cards_of(config: Config, wire: Wire) -> Cards:
    """All cards; who is to free memory is built, and nothing of it is started."""
    settings = config.cards
    turns = Turns(
        settings.policy,
        Hours.read(settings.night),
        ZoneInfo(settings.timezone),
        settings.patience_seconds,
    )
    names = {table.gpu for _, table in _tables(config)}
    reliefs = {name: Relief(_backends(config, wire, name)) for name in names}
    return Cards(config.storage.data_dir / "cards", turns, reliefs)


def _backends(config: Config, wire: Wire, card: str) -> dict[Side, list[Any]]:
    found: dict[Side, list[Any]] = {side: [] for side in Side}
    provided = {"wire": wire, "data_dir": config.storage.data_dir}
    for skill, table in _tables(config):
        if table.gpu == card:
            found[side_of(skill)].append(build_backend(table, provided))
    return found


def _tables(config: Config) -> Iterator[tuple[str, BackendTable]]:
    for skill in SKILLS:
        yield from ((skill, table) for table in getattr(config, skill) if table.gpu)
