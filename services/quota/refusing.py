"""Somebody asked for more than there is: told which limit it was, and when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.answers import Button, Reply
from domain.jobs import Job
from services.quota import renewal
from services.quota.phrases import VIDEO, pieces
from services.quota.remains import Purse, Remains
from services.quota.rules import INSTEAD
from services.tasks import Quick, Task
from services.words import Voice, Words
from storage.jobs import Jobs
from storage.quotas import Why

DAILY = frozenset({Why.PER_DAY, Why.SECONDS_PER_DAY})
RENEWED = frozenset({*DAILY, Why.PER_MONTH, Why.SECONDS_PER_MONTH})
"""What comes back by itself, so that it can be told when."""


@dataclass(frozen=True, slots=True)
class Refusing:
    """Answers in the place of a job that was not accepted; its checkpoint says why."""

    words: Words
    jobs: Jobs
    purse: Purse

    def tasks(self) -> dict[str, Task]:
        """Each by the name under which its jobs are written down."""
        return {
            INSTEAD.format(skill="image"): Quick(lambda job: self._refuse(job, "image")),
            INSTEAD.format(skill="video"): Quick(lambda job: self._refuse(job, VIDEO)),
        }

    async def _refuse(self, job: Job, skill: str) -> Reply:
        voice = self.words.speak(job.payload.person.language)
        word, _, left = job.checkpoint.partition(" ")
        why = Why(word)
        if why not in RENEWED:
            return Reply(await self._crowded(voice, job, skill, why))
        person = job.payload.person.id
        remains = await self.purse.remains(person, skill)
        if _never(remains, why):
            return Reply(_none_at_all(voice, skill))
        now = self.purse.rules.now(skill)
        moment = renewal.next_day(now) if why in DAILY else renewal.next_month(now)
        come = voice("New ones come {when}.", when=renewal.said(voice, moment, now))
        tell = Button(voice("Tell me when"), act(skill, person, moment))
        return Reply(f"{_used_up(voice, skill, why, float(left))} {come}", rows=((tell,),))

    async def _crowded(self, voice: Voice, job: Job, skill: str, why: Why) -> str:
        crowd = self.purse.rules.terms(skill, job.payload.person.id).crowd
        if why is Why.QUEUE:
            waiting = (await self.jobs.waiting_by_pool()).get(skill, 0)
            return voice(
                "The queue is full: {what} in it already. Please ask again later.",
                what=pieces(voice, skill, waiting),
            )
        most = (crowd.waiting if why is Why.WAITING else crowd.at_once) or 0
        if why is Why.WAITING:
            return voice(
                "You may have {what} waiting at a time. Ask again when one has begun.",
                what=pieces(voice, skill, most),
            )
        return voice(
            "You may have {what} in work at a time. Ask again when one is done.",
            what=pieces(voice, skill, most),
        )


def act(skill: str, person: int, moment: datetime) -> str:
    """What the button asks for: to be told then."""
    return f"renewal:{skill}.{person}.{int(moment.timestamp())}"


def _never(remains: Remains, why: Why) -> bool:
    """Whether the limit is none at all, so that nothing comes back."""
    return bool(getattr(remains.amounts, why.value) == 0)


def _none_at_all(voice: Voice, skill: str) -> str:
    if skill == VIDEO:
        return voice("You may not make videos with me. Ask an administrator about it.")
    return voice("You may not make pictures with me. Ask an administrator about it.")


def _used_up(voice: Voice, skill: str, why: Why, left: float) -> str:
    if why is Why.PER_DAY:
        if skill == VIDEO:
            return voice("You have no videos left today.")
        return voice("You have no pictures left today.")
    if why is Why.PER_MONTH:
        if skill == VIDEO:
            return voice("You have no videos left this month.")
        return voice("You have no pictures left this month.")
    if why is Why.SECONDS_PER_DAY:
        return voice.many(
            "This is longer than what you have left today: {n} second of video.",
            "This is longer than what you have left today: {n} seconds of video.",
            int(left),
        )
    return voice.many(
        "This is longer than what you have left this month: {n} second of video.",
        "This is longer than what you have left this month: {n} seconds of video.",
        int(left),
    )
