"""Who wants to know when they may go on is told then, once, whatever happens in between."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from domain.answers import Reply
from domain.jobs import Job
from domain.messages import Incoming
from services.quota import renewal
from services.quota.phrases import VIDEO, pieces
from services.quota.remains import Purse
from services.tasks import Quick, Task
from services.words import Voice, Words
from storage.chats import Chats
from storage.jobs import Jobs, NewJob

RENEWED = "renewed"
"""The task that tells it, and the errand that has it told."""

DIGITS = 18
SKILLS = ("image", "video")


class Calendar(Protocol):
    """Whatever does an errand at a moment; a later entry under a key takes the place of the old."""

    def once(self, key: str, moment: datetime, errand: str, *words: str) -> Awaitable[None]:
        """Enter it."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """Obeys the button that asks for it, and words what is told then."""

    words: Words
    purse: Purse
    calendar: Calendar

    def tasks(self) -> dict[str, Task]:
        """Each by the name under which its jobs are written down."""
        return {"await_renewal": Quick(self.promise), RENEWED: Quick(self.tell)}

    async def promise(self, job: Job) -> Reply | None:
        """Enter it, one a person and skill; buttons of others do nothing."""
        said, wish = job.payload, _wish(job.payload.text)
        if wish is None or wish.person != said.person.id:
            return None
        voice = self.words.speak(said.person.language)
        now = self.purse.rules.now(wish.skill)
        if wish.moment <= now.timestamp():
            return Reply(await self._standing(voice, said.person.id, wish.skill))
        moment = _renewal(wish.moment, now)
        asked = replace(said, text=wish.skill, message=0)
        key = f"{RENEWED} {wish.skill} {said.person.id}"
        await self.calendar.once(
            key, moment, RENEWED, wish.skill, f"{moment.timestamp():.0f}", asked.to_json()
        )
        when = renewal.said(voice, moment, now)
        return Reply(_promise(voice, wish.skill, when))

    async def tell(self, job: Job) -> Reply:
        """Say that there is something again, and how much."""
        who, skill = job.payload.person, job.payload.text
        voice = self.words.speak(who.language)
        standing = await self._standing(voice, who.id, skill)
        return Reply(standing if job.payload.place.private else f"{who.name}: {standing}")

    async def _standing(self, voice: Voice, person: int, skill: str) -> str:
        found = await self.purse.remains(person, skill)
        shares = [one.left for one in (found.day, found.month) if one]
        if not shares:
            return _again(voice, skill)
        left = int(min(shares))
        return voice("You have {what} left today.", what=pieces(voice, skill, left))


@dataclass(frozen=True, slots=True)
class Notices:
    """Makes a job of an entry whose time has come."""

    jobs: Jobs
    chats: Chats
    arrived: Callable[[], None]

    async def renewed(self, skill: str, moment: str, asked: str) -> None:
        """Put it in line, once for each moment; nobody is told who has shut the bot out."""
        said = Incoming.from_json(asked)
        if await self.chats.blocked(said.place.chat):
            return
        lane = f"{said.place.lane}!{RENEWED}"
        number = own_number(RENEWED, skill, str(said.person.id), moment)
        await self.jobs.add([NewJob(RENEWED, "quick", said, number, lane=lane)])
        self.arrived()


def own_number(*words: str) -> int:
    """The number of an update that Telegram never sent: below zero, and the same for the same.

    So what a crash has done again is known already.
    """
    digest = hashlib.sha256(" ".join(words).encode()).digest()
    return -1 - int.from_bytes(digest[:7], "big")


@dataclass(frozen=True, slots=True)
class _Wish:
    skill: str
    person: int
    moment: int


def _wish(text: str) -> _Wish | None:
    """What the button says, unless it is none of ours."""
    skill, *numbers = text.partition(":")[2].split(".")
    sound = len(numbers) == 2 and all(
        one.removeprefix("-").isdecimal() and len(one) <= DIGITS for one in numbers
    )
    if skill not in SKILLS or not sound:
        return None
    try:
        datetime.fromtimestamp(int(numbers[1]), UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return _Wish(skill, *map(int, numbers))


def _renewal(moment: int, now: datetime) -> datetime:
    """The renewal that is meant, wherever days begin by now: clients can be made to send any."""
    month = renewal.next_month(now)
    return month if moment >= month.timestamp() else renewal.next_day(now)


def _promise(voice: Voice, skill: str, when: str) -> str:
    if skill == VIDEO:
        return voice("I will tell you here when you have videos again: {when}.", when=when)
    return voice("I will tell you here when you have pictures again: {when}.", when=when)


def _again(voice: Voice, skill: str) -> str:
    if skill == VIDEO:
        return voice("You can make videos again.")
    return voice("You can make pictures again.")
