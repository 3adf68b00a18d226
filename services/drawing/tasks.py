"""The task that draws or films: it shows how far the work is, and gives what came of it."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from domain.answers import Reply
from domain.errors import BackendNonsense, BackendRejected
from domain.jobs import Job
from domain.messages import Attachment
from services.drawing.captions import caption
from services.drawing.faults import about_refusal
from services.drawing.making import Course, Making
from services.drawing.rows import Row, again
from services.drawing.tickets import Ticket
from services.drawing.waits import Timing
from services.drawing.watching import Watching
from services.drawing.wishes import read
from services.drawing.works import Work
from services.files import Workrooms
from services.tasks import Answer, Step
from services.words import Voice, Words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Given:
    """The files as they are sent, and the buttons under them."""

    files: tuple[Attachment, ...]
    rows: tuple[Row, ...]


class Presenter(Protocol):
    """Turns what a server made into what is sent."""

    def at_hand(self) -> AbstractAsyncContextManager[None]:
        """Have ready what that needs while the block runs, in which the server is at work first."""

    async def given(self, job: Job, course: Course, room: Path, voice: Voice) -> Given:
        """Check the results and put them on the shelf.

        Raises Refused in the person's words, or BackendNonsense where they are not what they
        should be.
        """


def _lately() -> deque[int]:
    """The jobs that a server was asked for, as many as can be stopped at the same time."""
    return deque(maxlen=1024)


@dataclass(frozen=True, slots=True)
class Make:
    """Has something made, shows it while it grows, and gives it."""

    making: Making
    presenter: Presenter
    workrooms: Workrooms
    timing: Timing
    words: Words
    _begun: deque[int] = field(default_factory=_lately, init=False, repr=False, compare=False)

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Make it; what a server will not make costs nothing."""
        voice, course = self._voice(job), self.making.course(job)
        watching = Watching(job, voice)
        yield watching.seen
        try:
            with self.workrooms.open(str(job.id)) as room:
                made = self.making.run(job, course, room, voice)
                async with self.presenter.at_hand(), aclosing(made) as pieces:
                    async for one in pieces:
                        if course.ticket.begun and job.id not in self._begun:
                            self._begun.append(job.id)
                        if watching.sees(one):
                            yield watching.seen
                    answer = await self._answer(job, course, room, voice)
        except (BackendRejected, BackendNonsense) as trouble:
            answer = self._failed(job, trouble, voice)
        yield answer

    def stopped(self, job: Job, shown: str) -> Answer:  # noqa: ARG002 - the contract of a Task
        """Nothing remains of it; what the machine had begun counts."""
        voice, earlier = self._voice(job), Ticket.from_json(job.checkpoint)
        begun = job.id in self._begun or (earlier is not None and earlier.begun)
        told = voice("Cancelled. It counts, for it had been begun.")
        text = told if begun else voice("Cancelled. It does not count.")
        spent = read(job.payload.text).seconds if begun else None
        return Answer(Reply(text, rows=again(job, voice), plain=True), spent=spent)

    async def _answer(self, job: Job, course: Course, room: Path, voice: Voice) -> Answer:
        given = await self.presenter.given(job, course, room, voice)
        await self.timing.took(job, course)
        took = 0.0 if course.taken_up else course.took
        text = caption(course.wishes.prompt, course.settled, took, voice)
        reply = Reply(text, given.files, given.rows, plain=True, captioned=True)
        kept = Work(given.files[-1], course.ticket.seed).to_json()
        return Answer(reply, spent=course.wishes.seconds, kept=kept)

    def _failed(self, job: Job, trouble: BackendRejected | BackendNonsense, voice: Voice) -> Answer:
        log.warning("%s", trouble, extra={"action": "backend", "job": job.id})
        code = trouble.code if isinstance(trouble, BackendRejected) else ""
        return Answer(Reply(about_refusal(code, voice), rows=again(job, voice), plain=True))

    def _voice(self, job: Job) -> Voice:
        return self.words.speak(job.payload.person.language)
