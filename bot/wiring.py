"""Puts the parts of the program together; nowhere else does one know how another is made."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from aiogram import Bot
from aiogram.types import User

from bot.acknowledging import Acknowledging
from bot.alive import Workers
from bot.backend_tables import build_backend
from bot.delivery.courier import Courier
from bot.delivery.doubt import Doubt
from bot.delivery.frames import Labels
from bot.delivery.newest import Newest
from bot.delivery.pace import Pace
from bot.delivery.postman import Postman
from bot.delivery.stage import Stage
from bot.reception import Reception
from bot.settings import BackendTable, Config
from domain.jobs import Job
from handlers.routes import dispatcher
from services.access import Access
from services.board import Board
from services.categories import Rules
from services.chain import Candidate, Chain
from services.chat import Chat, Manners
from services.commands import Commands
from services.context import Context
from services.excuses import Excuses
from services.intake import Intake, Patience
from services.janitor import Janitor
from services.leaving import Leaving
from services.people import Languages
from services.places import Places
from services.redo import Redo
from services.report import Report
from services.skills import ChatModel
from services.stopping import Stopping
from services.tasks import Task
from services.wire import Wire
from services.words import LANGUAGES, Words
from services.worker import Worker
from storage.chats import Chats
from storage.conversations import Conversations
from storage.database import Database
from storage.jobs import Jobs
from storage.outbox import Outbox
from storage.people import People
from storage.updates import Updates

LOCALES = Path(__file__).parent.parent / "locales"


@dataclass(frozen=True, slots=True)
class Parts:
    """The program, put together and not yet running."""

    database: Database
    jobs: Jobs
    chain: Chain[ChatModel]
    courier: Courier
    worker: Worker
    board: Board
    report: Report
    reception: Reception
    words: Words
    languages: Languages
    acknowledging: Acknowledging
    janitor: Janitor


@asynccontextmanager
async def assembled(
    config: Config,
    bot: Bot,
    pace: Pace,
    me: Callable[[], Awaitable[User]],
    caught_up: Callable[[], Awaitable[None]],
) -> AsyncIterator[Parts]:
    """Open what has to be open while the block runs: database, network, embedded engines.

    Jobs that a dead process had been working on are back in line when the block begins.
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
        parts = Assembly(config, bot, pace, me, caught_up, database, name, living).parts(
            Chain("chat", candidates)
        )
        await parts.janitor.recover()
        await parts.languages.load()
        await parts.courier.prepare()
        yield parts


def chat_candidates(config: Config, wire: Wire) -> list[Candidate[ChatModel]]:
    """The chain that the configuration describes."""
    return [_candidate(table, config.storage.data_dir, wire) for table in config.chat]


def _candidate(table: BackendTable, folder: Path, wire: Wire) -> Candidate[ChatModel]:
    backend = build_backend(table, {"wire": wire, "data_dir": folder})
    return Candidate(backend, table.slots, table.categories, cloud=table.cloud, gpu=table.gpu)


@dataclass(frozen=True, slots=True)
class Assembly:
    """What all parts are made of."""

    config: Config
    bot: Bot
    pace: Pace
    me: Callable[[], Awaitable[User]]
    caught_up: Callable[[], Awaitable[None]]
    database: Database
    name: str
    living: Workers

    def parts(self, chain: Chain[ChatModel]) -> Parts:
        """Make each part from those before it."""
        words, jobs = Words(LOCALES), Jobs(self.database)
        newest, outbox = Newest(), Outbox(self.database)
        doubt = Doubt(self.bot, outbox, self.pace, newest)
        postman = Postman(self.bot, self.pace, newest, doubt, self.caught_up)
        blocked = Leaving(jobs, Chats(self.database))
        courier = Courier(outbox, postman, newest, blocked.left)
        stage = Stage(
            self.bot,
            self.pace,
            outbox,
            courier,
            newest,
            lambda job: _labels(words, job),
            rich=self.config.telegram.rich,
        )
        board = Board(jobs, stage, words, time.time)
        languages = Languages(
            People(self.database), frozenset(LANGUAGES), self.config.answers.language
        )
        tasks: dict[str, Task] = {}
        worker = Worker(
            jobs, tasks, stage, Places(chain), Excuses(words), self.name, time.time, board.release
        )
        chain.on_free = worker.wake.set
        report = Report(jobs, chain, lambda: worker.answering)
        conversations = Conversations(self.database)
        intake = self._intake(jobs, languages, worker, board)
        stopping = Stopping(jobs, intake.access, worker.stop)
        quietly = partial(worker.stop, quietly=True)
        redo = Redo(jobs, intake.rules, stopping, words, quietly, intake.arrived)
        tasks |= Commands(words, languages, conversations, report, stopping).tasks()
        tasks |= redo.tasks() | {"chat": self._chat(chain, conversations, words, intake.rules)}
        acknowledging = Acknowledging(self.bot)
        reception = Reception(
            self.bot,
            dispatcher(),
            intake,
            Updates(self.database),
            self.me,
            newest.saw,
            acknowledging.add,
            time.time,
        )
        janitor = Janitor(jobs, outbox, reception.updates, worker, self.living.dead, time.time)
        return Parts(
            self.database,
            jobs,
            chain,
            courier,
            worker,
            board,
            report,
            reception,
            words,
            languages,
            acknowledging,
            janitor,
        )

    def _intake(self, jobs: Jobs, languages: Languages, worker: Worker, board: Board) -> Intake:
        def arrived() -> None:
            worker.wake.set()
            board.news.set()

        answers, access, rules = self.config.answers, self.config.access, self.config.categories
        return Intake(
            jobs,
            Access(access.mode, frozenset(access.admins), frozenset(access.allow)),
            Rules(rules.fast_below_chars, rules.complex_above_chars, rules.complex_words),
            languages,
            Patience(
                answers.paste_hold_seconds,
                answers.album_hold_seconds,
                self.config.telegram.max_age_seconds,
            ),
            time.time,
            arrived,
        )

    def _chat(
        self, chain: Chain[ChatModel], conversations: Conversations, words: Words, rules: Rules
    ) -> Chat:
        answers = self.config.answers
        manners = Manners(answers.max_tokens, answers.temperature, answers.show_thoughts)
        budget = answers.context_tokens - answers.max_tokens
        context = Context(answers.system_prompt, budget)
        return Chat(chain, conversations, context, words, manners, rules, datetime.now)


def _labels(words: Words, job: Job) -> Labels:
    voice = words.speak(job.payload.person.language)
    return Labels(stop=voice("Stop"), thinking=voice("Thinking…"))
