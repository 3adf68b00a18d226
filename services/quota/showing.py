"""/quota: what is left of everything, when it comes back, and a picture of the last days."""

from __future__ import annotations

from dataclasses import dataclass

from domain.answers import Reply
from domain.jobs import Job
from services.budget import PAGES, Budget
from services.quota import renewal
from services.quota.gallery import Gallery, Page
from services.quota.phrases import VIDEO, number, title
from services.quota.remains import Remains, Share
from services.tasks import Quick, Task
from services.words import Voice, Words, later

COUNTED = (VIDEO, "image")
"""What is counted in pieces, and drawn."""

MEASURED = ("hear", "speak", PAGES)
"""What is counted in minutes of sound, and in pages."""


LIMITS = (
    ("day", later("today: {left} of {all} left")),
    ("day_seconds", later("seconds today: {left} of {all} left")),
    ("month", later("this month: {left} of {all} left")),
    ("month_seconds", later("seconds this month: {left} of {all} left")),
)


@dataclass(frozen=True, slots=True)
class Showing:
    """Answers /quota; `skills` are those that somebody here has."""

    words: Words
    gallery: Gallery
    budget: Budget
    skills: frozenset[str]

    def tasks(self) -> dict[str, Task]:
        """Each by the name under which its jobs are written down."""
        return {"quota": Quick(self.show)}

    async def show(self, job: Job) -> Reply:
        """Tell what is left, under a picture where pictures or films are made here."""
        voice = self.words.speak(job.payload.person.language)
        person = job.payload.person.id
        pages = [await self.gallery.page(person, one) for one in COUNTED if one in self.skills]
        parts = [self._counted(voice, page) for page in pages]
        if measured := await self._measured(voice, person):
            parts.append(measured)
        if not pages:
            return Reply("\n\n".join(parts) or voice("There are no limits here."))
        most = max(pages, key=lambda page: sum(page.used))
        parts.append(_about_picture(voice, most.skill))
        picture = await self.gallery.picture(most, f"quota-{job.id}")
        return Reply("\n\n".join(parts), (picture,), captioned=True)

    def _counted(self, voice: Voice, page: Page) -> str:
        remains, now = page.remains, self.gallery.purse.rules.now(page.skill)
        lines = [f"**{title(voice, page.skill)}**", *_shares(voice, remains)]
        if not remains.limited:
            lines.append(voice("today: {n}, and there is no limit", n=remains.today))
            return "\n".join(lines)
        daily = remains.day or remains.day_seconds
        moment = renewal.next_day(now) if daily else renewal.next_month(now)
        lines.append(voice("New ones come {when}.", when=renewal.said(voice, moment, now)))
        return "\n".join(lines)

    async def _measured(self, voice: Voice, person: int) -> str:
        lines = [
            _measure(voice, skill, Share(*left))
            for skill in MEASURED
            if skill in self.skills and (left := await self.budget.left(person, skill))
        ]
        if lines:
            lines.append(voice("At midnight the day begins anew."))
        return "\n".join(lines)


def _about_picture(voice: Voice, skill: str) -> str:
    if skill == VIDEO:
        return voice("Above: your videos of the last 30 days.")
    return voice("Above: your pictures of the last 30 days.")


def _shares(voice: Voice, remains: Remains) -> list[str]:
    """A line for each limit that there is."""
    shares = ((getattr(remains, name), said) for name, said in LIMITS)
    return [_line(voice, said, share) for share, said in shares if share]


def _measure(voice: Voice, skill: str, share: Share) -> str:
    if skill == PAGES:
        return _line(voice, later("Pages and photos today: {left} of {all} left"), share)
    minutes = Share(share.left / 60, share.all / 60)
    if skill == "hear":
        return _line(voice, later("Minutes of listening today: {left} of {all} left"), minutes)
    return _line(voice, later("Minutes of speaking today: {left} of {all} left"), minutes)


def _line(voice: Voice, said: str, share: Share) -> str:
    return voice(said, left=number(share.left), all=number(share.all))
