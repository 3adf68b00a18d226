"""A button under a work: what was made is made again in another way, for whoever pressed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from domain.answers import Reply
from domain.jobs import Job, State
from domain.messages import Incoming
from services.drawing.rows import LENGTHS, mark
from services.drawing.studio import SKILLS, Studio
from services.drawing.wishes import Shape, UnclearError, Wishes, read
from services.drawing.works import Work
from services.words import Words
from storage.jobs import Found, Jobs, NewJob

DIGITS = 18
"""The longest number that any database takes."""

GIFS = {"gif": "", "gif_file": "--file"}
"""What a GIF is asked for with, and what its job is told."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Orders the changed work; `styles` has the titles of a skill's graphs by their names."""

    jobs: Jobs
    studio: Studio
    words: Words
    styles: Callable[[str], Mapping[str, str]]
    arrived: Callable[[], None]

    async def press(self, job: Job, argument: str) -> Reply | None:
        """Do what a button says; `argument` is the answer's number and the change."""
        answer, _, change = argument.partition(".")
        if not answer.isdecimal() or len(answer) > DIGITS:
            return None  # no button of ours
        found = await self.jobs.latest(int(answer))
        if found is None or found.job.payload.place.chat != job.payload.place.chat:
            return Reply(self._gone(job))
        if found.state in (State.QUEUED, State.RUNNING):
            return None
        entry = self._entry(found, job, change)
        if entry is None:
            return Reply(self._gone(job))
        await self.jobs.add([entry])
        self.arrived()
        return None

    def _entry(self, found: Found, pressed: Job, change: str) -> NewJob | None:
        """The new job; None where the work that it needs is not there any more."""
        work = Work.from_json(found.job.checkpoint)
        said = replace(found.job.payload, person=pressed.payload.person)
        if change in GIFS:
            return _gif(work, said, change, pressed) if work else None
        task = found.job.task
        if task not in SKILLS:
            return None
        if change == "larger":
            if work is None:
                return None
            said = replace(said, attachments=(work.lent,))
        try:
            wishes = self._changed(read(said.text), task, change, work)
        except UnclearError:
            return None
        return self.studio.order(task, replace(said, text=wishes.text), f"p{pressed.id}")

    def _changed(self, wishes: Wishes, task: str, change: str, work: Work | None) -> Wishes:
        """The wishes with one changed; the seed stays, so that only this is another.

        What no button of ours says changes nothing but the seed.
        """
        what, _, value = change.partition(".")
        kept = replace(wishes, seed=work.seed if work else None, larger=what == "larger")
        if what in tuple(Shape) and what:
            return replace(kept, shape=Shape(what))
        if what == "seconds" and value in [f"{one:g}" for one in LENGTHS]:
            return replace(kept, seconds=float(value))
        if what == "style":
            named = {mark(name): name for name in self.styles(SKILLS[task])}
            return replace(kept, style=named.get(value, wishes.style))
        return kept if what == "larger" else replace(wishes, seed=None)

    def _gone(self, job: Job) -> str:
        return self.words.speak(job.payload.person.language)("This is too old to be done again.")


def _gif(work: Work, said: Incoming, change: str, pressed: Job) -> NewJob:
    lane = f"{said.place.lane}!p{pressed.id}"
    asked = replace(said, text=GIFS[change], attachments=(work.lent,))
    return NewJob("gif", "clips", asked, lane=lane)
