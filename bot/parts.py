"""The parts of the program, and what each is made of; nowhere else does one know another."""

from __future__ import annotations

import time
from functools import cached_property

from bot.acknowledging import Acknowledging
from bot.basics import Basics
from bot.delivery.courier import Courier
from bot.delivery.doubt import Doubt
from bot.delivery.freight import Freight
from bot.delivery.newest import Newest
from bot.delivery.postman import Postman
from bot.delivery.stage import Stage
from bot.grounds import Chains, Ground
from bot.quota_parts import QuotaParts
from bot.reception import Reception
from bot.sight_parts import SightParts
from bot.studio_parts import StudioParts
from bot.talk_parts import chat
from bot.voice_parts import VoiceParts
from handlers.routes import dispatcher
from services.board import Board
from services.commands import Commands
from services.counting import Counting
from services.excuses import Excuses
from services.intake import Intake, Patience
from services.janitor import LOOK_OFTEN_SECONDS, LOOK_SECONDS, Janitor, Living
from services.leaving import Leaving
from services.places import QUICK, Closed, Desks, Offering, Places
from services.redo import Redo
from services.report import Report
from services.stopping import Stopping
from services.tasks import Task
from services.worker import Worker
from storage.chats import Chats
from storage.figures import Figures

CLIPS = 2
"""How many films are made into pictures that move at a time; two cores have no more to give."""


class Parts:
    """The parts of the program, each made of others when it is first asked for."""

    def __init__(self, ground: Ground, chains: Chains) -> None:
        self.ground = ground
        self.config = ground.config
        self.basics = Basics(ground)
        self.chains = chains
        for chain in chains.all().values():
            chain.on_free = self.worker.freed
        chains.chat.on_usage = self.counting.add

    @cached_property
    def newest(self) -> Newest:
        """The highest message ids."""
        return Newest()

    @cached_property
    def courier(self) -> Courier:
        """Who takes the outbox to Telegram."""
        bot, pace = self.ground.bot, self.ground.pace
        doubt = Doubt(bot, self.basics.outbox, pace, self.newest)
        freight = Freight(self.basics.shelf, self.basics.limits.up)
        postman = Postman(bot, pace, self.newest, doubt, self.ground.caught_up, freight)
        return Courier(self.basics.outbox, postman, self.newest, self.leaving.left)

    @cached_property
    def leaving(self) -> Leaving:
        """Who ends work that nobody waits for."""
        return Leaving(self.basics.jobs, Chats(self.ground.database), self._stop_quietly)

    @cached_property
    def counting(self) -> Counting:
        """Who counts what answers cost."""
        return Counting(Figures(self.ground.database))

    @cached_property
    def stage(self) -> Stage:
        """Where running jobs are watched."""
        bot, pace, rich = self.ground.bot, self.ground.pace, self.config.telegram.rich
        drafts = self.config.telegram.drafts
        return Stage(
            bot,
            pace,
            self.basics.outbox,
            self.courier,
            self.newest,
            self.basics.labels,
            rich,
            drafts,
        )

    @cached_property
    def report(self) -> Report:
        """What the bot says of itself."""
        return Report(
            self.basics.jobs,
            self.chains.chat,
            self.counting,
            lambda: self.worker.answering,
            self.chains.hear,
            self.chains.speak,
            self.chains.vision,
            self.chains.embed,
            self.chains.image,
            self.chains.video,
            self.ground.cards.loads,
        )

    @cached_property
    def board(self) -> Board:
        """Who tells those who wait where they stand."""
        return Board(
            self.basics.jobs,
            self.stage,
            self.basics.words,
            time.time,
            self.report.anybody,
            self.studios.timing.note,
        )

    @cached_property
    def worker(self) -> Worker:
        """Who runs the jobs."""
        others: dict[str, Offering] = {
            "hear": self.chains.hear,
            "speak": self.chains.speak,
            "vision": self.chains.vision,
            "read": self.sights.desks,
            "image": self.chains.image,
            "video": self.chains.video,
            "clips": Desks(CLIPS),
        }
        duty = self.ground.duty
        ours = {pool: one for pool, one in others.items() if pool in duty.pools}
        chat = self.chains.chat if duty.talks else Closed()
        places = Places(chat, QUICK if duty.listens else 0, ours)
        excuses = Excuses(self.basics.words)
        return Worker(
            self.basics.jobs,
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
        duty = self.ground.duty
        return Janitor(
            self.basics.jobs,
            self.basics.outbox,
            self.basics.updates,
            self.worker,
            self.counting,
            Living(self.ground.living.dead, self.courier.prepare),
            self.basics.tidying,
            time.time,
            self.refresh,
            LOOK_SECONDS if duty.listens or duty.fed else LOOK_OFTEN_SECONDS,
        )

    async def refresh(self) -> None:
        """Read people's choices again where another process takes them in."""
        if not self.ground.duty.listens:
            await self.basics.load()

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """All kinds of work, by the names under which jobs are written down."""
        stopping = Stopping(self.basics.jobs, self.basics.access, self._stop)
        redo = Redo(
            self.basics.jobs,
            self.basics.outbox,
            self.basics.rules,
            stopping,
            self.basics.words,
            self._stop_quietly,
            self.arrived,
            self.studios.changes,
        )
        commands = Commands(
            self.basics.words,
            self.basics.languages,
            self.basics.conversations,
            self.report,
            stopping,
            self.leaving,
            self.basics.documents,
        )
        return {
            "chat": chat(self.basics, self.chains.chat, self.voices, self.sights),
            **commands.tasks(),
            **redo.tasks(),
            **self.voices.tasks,
            **self.sights.tasks,
            **self.studios.tasks,
            **self.quotas.tasks,
        }

    @cached_property
    def voices(self) -> VoiceParts:
        """The parts that listen and speak."""
        return VoiceParts(self.basics, self.chains, self.arrived)

    @cached_property
    def sights(self) -> SightParts:
        """The parts that see and read."""
        return SightParts(self.basics, self.chains)

    @cached_property
    def quotas(self) -> QuotaParts:
        """The parts that know what people may use, and the schedule."""
        return QuotaParts(self.basics, self.arrived, self._recover)

    @cached_property
    def studios(self) -> StudioParts:
        """The parts that draw and film."""
        opener, rules = self.sights.opener, self.quotas.rules
        return StudioParts(
            self.basics, self.chains, opener, rules, self.arrived, lambda: self.worker.closing
        )

    @cached_property
    def intake(self) -> Intake:
        """The door."""
        answers, oldest = self.config.answers, self.config.telegram.max_age_seconds
        patience = Patience(answers.paste_hold_seconds, answers.album_hold_seconds, oldest)
        return Intake(
            self.basics.jobs,
            self.basics.access,
            self.basics.rules,
            self.basics.languages,
            self.basics.tastes,
            patience,
            time.time,
            self.arrived,
            self.studios.studio,
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
            self.basics.updates,
            self.ground.me,
            self.newest.saw,
            self.acknowledging.add,
            time.time,
        )

    def arrived(self) -> None:
        """Something may have to be done, or to be said to those who wait."""
        self.worker.wake.set()
        self.board.news.set()

    # The worker runs the tasks, and some tasks stop the worker's jobs.

    def _stop(self, job: int) -> None:
        self.worker.stop(job)

    def _stop_quietly(self, job: int) -> None:
        self.worker.stop(job, quietly=True)

    async def _recover(self) -> None:
        await self.janitor.recover()
