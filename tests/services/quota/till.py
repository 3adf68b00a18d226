"""Where people ask for films and pictures, and are told what they may have."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.answers import Reply
from domain.jobs import Job, State
from domain.messages import Incoming, Person, Quote
from services.access import Access
from services.budget import Allowance, Budget
from services.files import Shelf, Workrooms
from services.quota.gallery import Gallery
from services.quota.granting import Acquaintances, Granting, Post
from services.quota.refusing import Refusing
from services.quota.remains import Purse
from services.quota.reminders import Notices, Reminders
from services.quota.rules import Role, Rules, Tariff
from services.quota.showing import Showing
from services.quota.terms import Terms
from services.tasks import Answer, Task
from storage.chats import Chats
from storage.jobs import Ending, NewJob
from storage.ledger import Ledger
from storage.people import People
from storage.quotas import Amounts, Crowd, Quotas
from tests.services.ground import ME, Ground

KYIV = "Europe/Kyiv"
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=ZoneInfo(KYIV))
ADMIN, ANN, BOB = 42, 1, 2
FIVE = Terms(Amounts(per_day=5), Crowd(20, 2), 6.0)


@dataclass(slots=True)
class Diary:
    """A schedule of paper."""

    entries: dict[str, tuple[datetime, str, tuple[str, ...]]] = field(default_factory=dict)

    async def once(self, key: str, moment: datetime, errand: str, *words: str) -> None:
        """Note it."""
        self.entries[key] = (moment, errand, words)


@dataclass(slots=True)
class Till:
    """The tasks over a true database; it is noon in Kyiv, four days before December."""

    ground: Ground
    folder: Path
    tariffs: dict[str, Tariff] = field(default_factory=lambda: {"video": Tariff(FIVE, KYIV)})
    roles: tuple[Role, ...] = ()
    skills: frozenset[str] = frozenset({"video"})
    allowances: dict[str, Allowance] = field(default_factory=dict)
    diary: Diary = field(default_factory=Diary)
    calls: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ground.clock.now = NOON.timestamp()

    @property
    def rules(self) -> Rules:
        """What the owner allows."""
        return Rules(self.tariffs, self.roles, self.ground.clock)

    @property
    def purse(self) -> Purse:
        """What everybody has left."""
        return Purse(self.rules, Quotas(self.ground.database, self.ground.clock))

    @property
    def shelf(self) -> Shelf:
        """Where pictures wait to be sent."""
        return Shelf(self.folder / "outgoing")

    @property
    def chats(self) -> Chats:
        """Where the bot may write."""
        return Chats(self.ground.database)

    @property
    def notices(self) -> Notices:
        """What the schedule has told."""
        return Notices(self.ground.jobs, self.chats, lambda: self.calls.append(1))

    def tasks(self) -> dict[str, Task]:
        """All that has to do with quotas."""
        ground, database = self.ground, self.ground.database
        budget = Budget(Ledger(database, ground.clock), self.allowances, ground.clock)
        post = Post(ground.jobs, lambda: self.calls.append(1))
        acquaintances = Acquaintances(People(database), self.chats)
        gallery = Gallery(self.purse, Workrooms(self.folder / "work"), self.shelf)
        access = Access(admins=frozenset({ADMIN}))
        return {
            **Refusing(ground.words, ground.jobs, self.purse).tasks(),
            **Reminders(ground.words, self.purse, self.diary).tasks(),
            **Showing(ground.words, gallery, budget, self.skills).tasks(),
            **Granting(
                ground.words, access, self.rules, self.purse.quotas, acquaintances, post
            ).tasks(),
        }

    async def films(self, seconds: float = 4.0, *, skill: str = "video", **fields: Any) -> Job:
        """Somebody asks for a film, and is let in or not; the job that it becomes."""
        said = self.says("a cat", **fields)
        charge = self.rules.charge(skill, seconds, said.person.id)
        [added] = await self.ground.jobs.add([NewJob("film", skill, said, charge=charge)])
        found = await self.ground.jobs.get(added.job)
        assert found is not None
        return found.job

    async def finishes(self, job: Job) -> None:
        """A film is ready."""
        await self.ground.jobs.claim({job.pool: 1}, ME)
        await self.ground.jobs.finish(Ending(job.id, ME, State.DONE, spent=4.0))

    async def refused(self, **fields: Any) -> Reply:
        """What somebody is told who asks for a film too many."""
        job = await self.films(**fields)
        assert job.task.startswith("over_quota_"), job.task
        await self.ground.jobs.claim({"quick": 9}, ME)
        reply = await self.answer(job)
        assert reply is not None
        return reply

    async def does(self, task: str, text: str = "", **fields: Any) -> Reply | None:
        """What a command, or a button, is answered."""
        said = self.says(text, **fields)
        lane = f"{said.place.lane}!{said.message}"
        return await self.answer(await self.ground.begun(said, "quick", task=task, lane=lane))

    async def answer(self, job: Job) -> Reply | None:
        """What a job comes to."""
        *_, end = [step async for step in self.tasks()[job.task].run(job)]
        assert isinstance(end, Answer)
        await self.ground.jobs.finish(Ending(job.id, ME, State.DONE))
        return end.reply

    async def told(self) -> list[tuple[int, str]]:
        """What others are told who had not asked just now: where, and what."""
        jobs = await self.ground.jobs.claim({"quick": 9}, ME)
        replies = [(job.payload.place.chat, await self.answer(job)) for job in jobs]
        return [(chat, reply.text) for chat, reply in replies if reply]

    def says(self, text: str, *, language: str = "en", reply_to: int = 0, **where: int) -> Incoming:
        """Somebody says something in their language, perhaps to somebody."""
        said = self.ground.talk.says(text, **where)
        about = Quote(77, "hm", ours=False, author=reply_to) if reply_to else None
        place = replace(said.place, private=said.place.chat > 0)
        who = Person(said.person.id, said.person.name, language)
        return replace(said, place=place, person=who, about=about)

    def later(self, **span: float) -> None:
        """Some time passes."""
        hours = span.get("hours", 0.0) + 24 * span.get("days", 0.0)
        self.ground.clock.now += hours * 3600
