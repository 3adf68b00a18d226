"""Files in and out: what fetches them, where they are worked on, where they wait, what sweeps."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import cast

from aiogram import Bot

from bot.delivery.freight import Freight
from bot.delivery.session import Session
from bot.downloads import Downloads
from bot.limits import MEGABYTE, Limits, limits
from bot.settings import Config
from services.files import Fetcher, Shelf, Workrooms
from services.tidying import Tidying
from storage.outbox import Outbox


class Filing:
    """The parts that deal with files; `name` is this process's."""

    def __init__(self, config: Config, bot: Bot, name: str) -> None:
        self._config = config
        self._bot = bot
        self._name = name

    @cached_property
    def limits(self) -> Limits:
        """How large a file Telegram takes and gives."""
        telegram = self._config.telegram
        return limits(telegram.api_base, telegram.download_megabytes * MEGABYTE)

    @cached_property
    def fetcher(self) -> Fetcher:
        """Who brings what people send."""
        return Downloads(self._bot, cast(Session, self._bot.session), self.limits)

    @cached_property
    def workrooms(self) -> Workrooms:
        """Where jobs of this process work on files."""
        return Workrooms(self._rooms / self._name)

    @cached_property
    def shelf(self) -> Shelf:
        """Where files wait to be sent."""
        return Shelf(self._config.storage.data_dir / "outgoing")

    @cached_property
    def freight(self) -> Freight:
        """Who looks after files that are sent."""
        return Freight(self.shelf, self.limits.up)

    def tidying(self, outbox: Outbox) -> Tidying:
        """Who takes away files that nobody needs."""
        kept = self._config.storage.keep_files_days * 24 * 3600.0
        return Tidying(self._rooms, self.shelf, outbox, kept)

    @property
    def _rooms(self) -> Path:
        return self._config.storage.data_dir / "work"
