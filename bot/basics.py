"""What the parts of the program are made of: memory, files, rules, people's choices."""

from __future__ import annotations

import time
from functools import cached_property
from pathlib import Path
from typing import cast

from bot.delivery.frames import Labels
from bot.delivery.session import Session
from bot.downloads import Downloads
from bot.grounds import Ground
from bot.limits import MEGABYTE, Limits, limits
from domain.jobs import Job
from services.access import Access
from services.budget import Allowance, Budget
from services.categories import Rules
from services.files import Fetcher, Shelf, Workrooms
from services.people import Languages
from services.tastes import Tastes
from services.tidying import Tidying
from services.words import LANGUAGES, Words
from storage.chats import Chats
from storage.conversations import Conversations
from storage.database import Database
from storage.documents import Documents
from storage.jobs import Jobs
from storage.ledger import Ledger
from storage.outbox import Outbox
from storage.people import People
from storage.updates import Updates

LOCALES = Path(__file__).parent.parent / "locales"


class Basics:
    """Each is made when it is first asked for."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.config = ground.config

    @property
    def database(self) -> Database:
        """Where all is kept."""
        return self.ground.database

    @property
    def name(self) -> str:
        """What this process works and sends under."""
        return self.ground.name

    @cached_property
    def words(self) -> Words:
        """The catalogues."""
        return Words(LOCALES)

    @cached_property
    def jobs(self) -> Jobs:
        """The queue."""
        return Jobs(self.database)

    @cached_property
    def outbox(self) -> Outbox:
        """What Telegram should show."""
        return Outbox(self.database, sender=self.ground.name)

    @cached_property
    def updates(self) -> Updates:
        """What came from Telegram."""
        return Updates(self.database)

    @cached_property
    def conversations(self) -> Conversations:
        """What was said."""
        return Conversations(self.database)

    @cached_property
    def languages(self) -> Languages:
        """Who is spoken to in which language."""
        default = self.config.answers.language
        return Languages(People(self.database), frozenset(LANGUAGES), default)

    @cached_property
    def rules(self) -> Rules:
        """What kind of model a text needs."""
        rules = self.config.categories
        return Rules(rules.fast_below_chars, rules.complex_above_chars, rules.complex_words)

    @cached_property
    def access(self) -> Access:
        """Who may use the bot."""
        access = self.config.access
        return Access(access.mode, frozenset(access.admins), frozenset(access.allow))

    @cached_property
    def limits(self) -> Limits:
        """How large a file Telegram takes and gives."""
        telegram = self.config.telegram
        return limits(telegram.api_base, telegram.download_megabytes * MEGABYTE)

    @cached_property
    def shelf(self) -> Shelf:
        """Where files wait to be sent."""
        return Shelf(self.config.storage.data_dir / "outgoing")

    @cached_property
    def fetcher(self) -> Fetcher:
        """Who brings what people send."""
        bot = self.ground.bot
        return Downloads(bot, cast(Session, bot.session), self.limits)

    @cached_property
    def workrooms(self) -> Workrooms:
        """Where jobs of this process work on files."""
        return Workrooms(self._rooms / self.ground.name)

    @cached_property
    def tidying(self) -> Tidying:
        """Who takes away files that nobody needs."""
        kept = self.config.storage.keep_files_days * 24 * 3600.0
        ledger = Ledger(self.database)
        return Tidying(self._rooms, self.shelf, self.outbox, ledger, self.documents, kept)

    @property
    def _rooms(self) -> Path:
        return self.config.storage.data_dir / "work"

    @cached_property
    def documents(self) -> Documents:
        """What people sent to be read."""
        return Documents(self.database)

    @cached_property
    def tastes(self) -> Tastes:
        """What people want to hear, and chats written down."""
        return Tastes(People(self.database), Chats(self.database))

    @cached_property
    def budget(self) -> Budget:
        """How much people may use of each skill."""
        allowances = {
            skill: Allowance(quota.amount(), quota.timezone)
            for skill, quota in self.config.quota.items()
        }
        return Budget(Ledger(self.database), allowances, time.time)

    def labels(self, job: Job) -> Labels:
        """The words of a screen, for whoever a job is for."""
        voice = self.words.speak(job.payload.person.language)
        return Labels(stop=voice("Stop"), thinking=voice("Thinking…"), cancel=voice("Cancel"))

    async def load(self) -> None:
        """Read people's choices."""
        await self.languages.load()
        await self.tastes.load()
