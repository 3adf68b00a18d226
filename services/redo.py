"""Buttons under messages, and questions that were edited: what was said is said anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from domain.answers import Reply
from domain.jobs import Job, State, Wish
from domain.messages import Incoming
from services.categories import Rules
from services.drawing.changes import Changes
from services.hearing.words import without_words
from services.places import pool_of
from services.stopping import Stopping
from services.tasks import Quick, Task
from services.words import Words
from storage.jobs import Found, Jobs, NewJob
from storage.outbox import Outbox

CHOICES = {
    "model": "choose_model",
    "language": "choose_language",
    "voice": "choose_voice",
    "document": "choose_document",
    "renewal": "await_renewal",
}
"""Buttons of a menu, and the tasks that obey them."""

DIGITS = 18
"""The longest number that any database takes."""

WISHES = {
    "again": Wish.SAME,
    "shorter": Wish.SHORTER,
    "longer": Wish.LONGER,
    "short": Wish.SHORT,
    "full": Wish.FULL,
    "bullets": Wish.BULLETS,
    "was_en": Wish.ENGLISH,
    "was_ru": Wish.RUSSIAN,
    "was_uk": Wish.UKRAINIAN,
}


@dataclass(frozen=True, slots=True)
class Redo:
    """Takes up again what has a message already; the new text takes the place of the old one."""

    jobs: Jobs
    outbox: Outbox
    rules: Rules
    stopping: Stopping
    words: Words
    stop_quietly: Callable[[int], None]
    arrived: Callable[[], None]
    changes: Changes

    def tasks(self) -> dict[str, Task]:
        """Each by the name under which its jobs are written down."""
        return {"press": Quick(self.press), "edited": Quick(self.edited), "halt": Quick(self.halt)}

    async def press(self, job: Job) -> Reply | None:
        """Do what a button says."""
        verb, _, argument = job.payload.text.partition(":")
        if verb in CHOICES:
            await self._choose(job, CHOICES[verb])
            return None
        if verb == "make":
            return await self.changes.press(job, argument)
        if not argument.isdecimal() or len(argument) > DIGITS:
            return None  # no button of ours; clients can be made to send anything
        if verb == "stop":
            return await self._stop(job, int(argument))
        stored = await self.jobs.latest(int(argument))
        here = stored is not None and stored.job.payload.place.chat == job.payload.place.chat
        if stored is None or not here or verb not in WISHES:
            return Reply(self._gone(job))
        if stored.state not in (State.QUEUED, State.RUNNING):
            await self._ask(stored, job, WISHES[verb])
        return None

    async def edited(self, job: Job) -> Reply | None:
        """Answer a question as it reads now."""
        said = job.payload
        stored = await self.jobs.find(said.place.chat, said.message, but=job.pool)
        if stored is None or stored.job.payload.text.strip() == said.text.strip():
            return None  # the intake ends a piece of a paste with white space
        if await self.jobs.reword(stored.job.id, said.text):
            return None
        if stored.state is State.RUNNING:
            self.stop_quietly(stored.job.id)
        changed = replace(stored.job.payload, text=said.text)
        await self._ask(replace(stored, job=replace(stored.job, payload=changed)), job, Wish.SAME)
        return None

    async def halt(self, job: Job) -> Reply | None:
        """Telegram's own stop button was pressed."""
        return await self._stop(job, int(job.payload.text))

    async def _stop(self, job: Job, target: int) -> Reply | None:
        cancelled = await self.stopping.job(target, job.payload)
        if cancelled.running:
            return None  # the answer that was stopped says so itself
        voice = self.words.speak(job.payload.person.language)
        if not cancelled.dropped:
            return Reply(voice("There is nothing to stop."))
        found = await self.jobs.get(target)
        if found is not None and self.changes.studio.takes(found.job.task):
            return Reply(voice("Cancelled. It does not count."))
        return Reply(voice("Stopped."))

    async def _choose(self, job: Job, task: str) -> None:
        """Obey a menu; what it comes to takes the menu's place."""
        said = job.payload
        menu = await self.outbox.answer_of(said.place.chat, said.message)
        await self.jobs.add([NewJob(task, job.pool, said, lane=f"{job.lane}!", answer=menu)])
        self.arrived()

    async def _ask(self, stored: Found, asked_by: Job, wish: Wish) -> None:
        """Put the question in its lane again, in the name of who asked for it."""
        question = replace(stored.job.payload, person=asked_by.payload.person)
        task = stored.job.task
        if wish.language:  # it was heard as if it were another: listen again
            question = without_words(question)
            task = "transcribe" if task == "transcribe" else "hear"
        await self.jobs.add([self._entry(stored, question, task, wish, f"p{asked_by.id}")])
        self.arrived()

    def _entry(self, stored: Found, question: Incoming, task: str, wish: Wish, mark: str) -> NewJob:
        answer, studio = stored.job.answer, self.changes.studio
        if studio.takes(task):
            return studio.order(task, question, mark, answer=answer)
        pool = pool_of(task, question, self.rules)
        return NewJob(task, pool, question, answer=answer, wish=wish)

    def _gone(self, job: Job) -> str:
        return self.words.speak(job.payload.person.language)("This is too old to be done again.")
