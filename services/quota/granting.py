"""/grant: an administrator gives somebody more, and whoever gets it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.answers import Reply
from domain.jobs import Job
from domain.messages import Incoming, Person, Place
from services.access import Access
from services.quota.orders import Order, order
from services.quota.phrases import pieces
from services.quota.reminders import own_number
from services.quota.rules import Rules
from services.tasks import Quick, Task
from services.words import Voice, Words
from storage.chats import Chats
from storage.jobs import Jobs, NewJob
from storage.people import People
from storage.quotas import Gift, Quotas

GRANTED = "granted"
"""The task that tells somebody what they were given."""


@dataclass(frozen=True, slots=True)
class Acquaintances:
    """Who people are, and whether the bot may write to them."""

    people: People
    chats: Chats

    async def who(self, person: int) -> Person:
        """Somebody; of a stranger there is only the number."""
        known = await self.people.get(person)
        language = known.language if known else ""
        return Person(person, (known.name if known else "") or str(person), language)

    async def reachable(self, person: int) -> bool:
        """Telegram lets a bot write to whoever has written to it, and has not shut it out."""
        known = await self.chats.newest_message(person) > 0
        return known and not await self.chats.blocked(person)


@dataclass(frozen=True, slots=True)
class Granting:
    """Obeys administrators; the ledger keeps who gave what, and why."""

    words: Words
    access: Access
    rules: Rules
    quotas: Quotas
    acquaintances: Acquaintances
    post: Post

    def tasks(self) -> dict[str, Task]:
        """Each by the name under which its jobs are written down."""
        return {"grant": Quick(self.grant), GRANTED: Quick(self.tell)}

    async def grant(self, job: Job) -> Reply:
        """Give it, and say what was given; an order that is not clear is explained."""
        said = job.payload
        voice = self.words.speak(said.person.language)
        if not self.access.is_admin(said.person.id):
            return Reply(voice("Only administrators may give more."))
        wanted = order(said.text, said.about.author if said.about else 0)
        if wanted is None:
            return Reply(_explanation(voice))
        await self._obey(wanted, job)
        who = await self.acquaintances.who(wanted.person)
        done = _done(voice, wanted, who.name)
        if who.id == said.person.id:
            return Reply(done)
        if await self.acquaintances.reachable(wanted.person):
            await self.post.tell(who, wanted, job.id)
            return Reply(done)
        missed = voice("I could not tell them: they have not written to me in private.")
        return Reply(f"{done} {missed}")

    async def tell(self, job: Job) -> Reply:
        """Say what somebody was given."""
        voice = self.words.speak(job.payload.person.language)
        skill, count, daily = job.payload.text.split()
        what = pieces(voice, skill, int(count))
        if daily != "daily":
            return Reply(voice("An administrator gave you more for today: {what}.", what=what))
        if int(count):
            return Reply(voice("From now on you have {what} a day.", what=what))
        return Reply(voice("From now on the usual limits hold for you again; see /quota."))

    async def _obey(self, wanted: Order, job: Job) -> None:
        by = job.payload.person.id
        if wanted.daily:
            await self.quotas.set_daily(wanted.person, wanted.skill, wanted.count or None, by=by)
            return
        longest = self.rules.terms(wanted.skill, wanted.person).longest
        gift = Gift(
            wanted.person,
            job.payload.place.chat,
            wanted.skill,
            self.rules.today(wanted.skill).isoformat(),
            wanted.count,
            wanted.count * (longest or 0.0),
        )
        await self.quotas.grant(gift, by=by, job=job.id)


@dataclass(frozen=True, slots=True)
class Post:
    """Puts news for others in line, in the private chat of each."""

    jobs: Jobs
    arrived: Callable[[], None]

    async def tell(self, who: Person, wanted: Order, job: int) -> None:
        """Have somebody told, once for each job of an administrator."""
        text = f"{wanted.skill} {wanted.count} {'daily' if wanted.daily else 'today'}"
        said = Incoming(Place(who.id), 0, who, text)
        number = own_number(GRANTED, str(job))
        lane = f"{said.place.lane}!{GRANTED}"
        await self.jobs.add([NewJob(GRANTED, "quick", said, number, lane=lane)])
        self.arrived()


def _done(voice: Voice, wanted: Order, name: str) -> str:
    if wanted.daily and not wanted.count:
        return voice("The usual limits hold for {name} again.", name=name)
    what = pieces(voice, wanted.skill, wanted.count)
    if wanted.daily:
        return voice("{name} has {what} a day from now on.", name=name, what=what)
    return voice("{name} has more for today: {what}.", name=name, what=what)


def _explanation(voice: Voice) -> str:
    return voice(
        "Reply to somebody's message with `/grant 3 videos`, or name them by their number: "
        "`/grant 12345 video 3`. It is for today; `/grant 12345 video 3 daily` is for every day, "
        "and `/grant 12345 video daily off` ends that."
    )
