"""The parts of the program, and what each is made of; nowhere else does one know another."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from aiogram import Bot
from aiogram.types import User

from bot.acknowledging import Acknowledging
from bot.alive import Workers
from bot.delivery.courier import Courier
from bot.delivery.doubt import Doubt
from bot.delivery.frames import Labels
from bot.delivery.freight import Freight
from bot.delivery.newest import Newest
from bot.delivery.pace import Pace
from bot.delivery.postman import Postman
from bot.delivery.session import Session
from bot.delivery.stage import Stage
from bot.downloads import Downloads
from bot.limits import MEGABYTE, Limits, limits
from bot.reception import Reception
from bot.settings import Config
from bot.voice_parts import Base, VoiceParts
from domain.jobs import Job
from handlers.routes import dispatcher
from services.access import Access
from services.board import Board
from services.categories import Rules
from services.chain import Chain
from services.chat import Chat, Manners
from services.commands import Commands
from services.context import Context
from services.counting import Counting
from services.excuses import Excuses
from services.files import Fetcher, Shelf, Workrooms
from services.intake import Intake, Patience
from services.janitor import LOOK_OFTEN_SECONDS, LOOK_SECONDS, Janitor, Living
from services.leaving import Leaving
from services.people import Languages
from services.places import QUICK, Offering, Places
from services.redo import Redo
from services.report import Report
from services.skills import ChatModel, Synthesizer, Transcriber
from services.stopping import Stopping
from services.tasks import Task
from services.tidying import Tidying
from services.words import LANGUAGES, Words
from services.worker import Worker
from storage.chats import Chats
from storage.conversations import Conversations
from storage.database import Database
from storage.figures import Figures
from storage.jobs import Jobs
from storage.ledger import Ledger
from storage.outbox import Outbox
from storage.people import People
from storage.updates import Updates

LOCALES = Path(__file__).parent.parent / "locales"


@dataclass(frozen=True, slots=True)
class Ground:
    """What all parts stand on.

    `name` is what this process works and sends under; commands and buttons are worked on only
    where somebody listens.
    """

    config: Config
    bot: Bot
    pace: Pace
    me: Callable[[], Awaitable[User]]
    caught_up: Callable[[], Awaitable[None]]
    database: Database
    name: str
    living: Workers
    listens: bool = True


@dataclass(frozen=True, slots=True)
class Chains:
    """The backends of each skill."""

    chat: Chain[ChatModel]
    hear: Chain[Transcriber]
    speak: Chain[Synthesizer]

    def all(self) -> dict[str, Chain[Any]]:
        """Each by its skill."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


class Parts:
    """The parts of the program, each made of others when it is first asked for."""

    def __init__(self, ground: Ground, chains: Chains) -> None:
        self.ground = ground
        self.config = ground.config
        self.database = ground.database
        self.chains = chains
        for chain in chains.all().values():
            chain.on_free = self.worker.freed
        chains.chat.on_usage = self.counting.add

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
    def newest(self) -> Newest:
        """The highest message ids."""
        return Newest()

    @cached_property
    def courier(self) -> Courier:
        """Who takes the outbox to Telegram."""
        bot, pace = self.ground.bot, self.ground.pace
        doubt = Doubt(bot, self.outbox, pace, self.newest)
        freight = Freight(self.shelf, self.limits.up)
        postman = Postman(bot, pace, self.newest, doubt, self.ground.caught_up, freight)
        return Courier(self.outbox, postman, self.newest, self.leaving.left)

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
        return Tidying(self._rooms, self.shelf, self.outbox, Ledger(self.database), kept)

    @property
    def _rooms(self) -> Path:
        return self.config.storage.data_dir / "work"

    @cached_property
    def leaving(self) -> Leaving:
        """Who ends work that nobody waits for."""
        return Leaving(self.jobs, Chats(self.database), self._stop_quietly)

    @cached_property
    def counting(self) -> Counting:
        """Who counts what answers cost."""
        return Counting(Figures(self.database))

    @cached_property
    def stage(self) -> Stage:
        """Where running jobs are watched."""
        bot, pace, rich = self.ground.bot, self.ground.pace, self.config.telegram.rich
        drafts = self.config.telegram.drafts
        return Stage(bot, pace, self.outbox, self.courier, self.newest, self._labels, rich, drafts)

    @cached_property
    def report(self) -> Report:
        """What the bot says of itself."""
        return Report(
            self.jobs,
            self.chains.chat,
            self.counting,
            lambda: self.worker.answering,
            self.chains.hear,
            self.chains.speak,
        )

    @cached_property
    def board(self) -> Board:
        """Who tells those who wait where they stand."""
        return Board(self.jobs, self.stage, self.words, time.time, self.report.anybody)

    @cached_property
    def worker(self) -> Worker:
        """Who runs the jobs."""
        others: dict[str, Offering] = {"hear": self.chains.hear, "speak": self.chains.speak}
        places = Places(self.chains.chat, QUICK if self.ground.listens else 0, others)
        excuses = Excuses(self.words)
        return Worker(
            self.jobs,
            self.tasks,
            self.stage,
            places,
            excuses,
            self.ground.name,
            time.time,
            self.board.release,
            self.board.news.set,
        )

    @cached_property
    def janitor(self) -> Janitor:
        """Who looks after what others leave behind."""
        return Janitor(
            self.jobs,
            self.outbox,
            self.updates,
            self.worker,
            self.counting,
            Living(self.ground.living.dead, self.courier.prepare),
            self.tidying,
            time.time,
            self.refresh,
            LOOK_SECONDS if self.ground.listens else LOOK_OFTEN_SECONDS,
        )

    async def refresh(self) -> None:
        """Read people's choices again where another process takes them in."""
        if not self.ground.listens:
            await self.load()

    async def load(self) -> None:
        """Read people's choices."""
        await self.languages.load()
        await self.voices.tastes.load()

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
    def tasks(self) -> dict[str, Task]:
        """All kinds of work, by the names under which jobs are written down."""
        stopping = Stopping(self.jobs, self.access, self._stop)
        redo = Redo(
            self.jobs,
            self.outbox,
            self.rules,
            stopping,
            self.words,
            self._stop_quietly,
            self._arrived,
        )
        commands = Commands(
            self.words, self.languages, self.conversations, self.report, stopping, self.leaving
        )
        return {"chat": self.chat, **commands.tasks(), **redo.tasks(), **self.voices.tasks}

    @cached_property
    def chat(self) -> Chat:
        """The task that answers questions."""
        answers = self.config.answers
        manners = Manners(answers.max_tokens, answers.temperature, answers.show_thoughts)
        context = Context(answers.system_prompt, answers.context_tokens - answers.max_tokens)
        return Chat(
            self.chains.chat,
            self.conversations,
            context,
            self.words,
            manners,
            self.rules,
            self.voices.speaking,
            self.voices.guesses,
            datetime.now,
        )

    @cached_property
    def voices(self) -> VoiceParts:
        """The parts that listen and speak."""
        base = Base(
            self.config,
            self.database,
            self.words,
            self.jobs,
            self.rules,
            self.fetcher,
            self.workrooms,
            self.shelf,
            self.ground.name,
            self._arrived,
        )
        return VoiceParts(base, self.chains.hear, self.chains.speak)

    @cached_property
    def intake(self) -> Intake:
        """The door."""
        answers, oldest = self.config.answers, self.config.telegram.max_age_seconds
        patience = Patience(answers.paste_hold_seconds, answers.album_hold_seconds, oldest)
        return Intake(
            self.jobs,
            self.access,
            self.rules,
            self.languages,
            self.voices.tastes,
            patience,
            time.time,
            self._arrived,
        )

    @cached_property
    def acknowledging(self) -> Acknowledging:
        """Who answers button presses."""
        return Acknowledging(self.ground.bot)

    @cached_property
    def reception(self) -> Reception:
        """The way from Telegram's JSON to the intake."""
        return Reception(
            self.ground.bot,
            dispatcher(),
            self.intake,
            self.updates,
            self.ground.me,
            self.newest.saw,
            self.acknowledging.add,
            time.time,
        )

    def _arrived(self) -> None:
        self.worker.wake.set()
        self.board.news.set()

    # The worker runs the tasks, and some tasks stop the worker's jobs.

    def _stop(self, job: int) -> None:
        self.worker.stop(job)

    def _stop_quietly(self, job: int) -> None:
        self.worker.stop(job, quietly=True)

    def _labels(self, job: Job) -> Labels:
        voice = self.words.speak(job.payload.person.language)
        return Labels(stop=voice("Stop"), thinking=voice("Thinking…"))
