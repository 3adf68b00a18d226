"""The task that makes a GIF of a film: the film is kept, the GIF is made when it is wanted."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

from domain.answers import Phase, Progress, Reply
from domain.drawing import Clip
from domain.errors import BackendNonsense, Broken
from domain.jobs import Job
from domain.messages import Attachment, Kind
from services.clips.checking import Finisher, Wanted
from services.clips.gif import GifMaker
from services.drawing.finds import Finds
from services.drawing.presenting import shelved
from services.drawing.rows import file_row
from services.drawing.works import OURS, Work
from services.files import Shelf, Workrooms
from services.tasks import Answer, Step
from services.words import Voice, Words
from storage.jobs import Jobs
from storage.outbox import Outbox

AS_FILE = "--file"
"""What the job is told where the file itself is wanted."""

LONGEST = 60.0
"""Seconds of somebody's film that become a GIF."""


@dataclass(frozen=True, slots=True)
class Gif:
    """Makes it of a film of ours, or of one that somebody sent."""

    maker: GifMaker
    finisher: Finisher
    finds: Finds
    shelf: Shelf
    workrooms: Workrooms
    jobs: Jobs
    outbox: Outbox
    words: Words

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Find the film, make its GIF, and send it."""
        voice = self._voice(job)
        yield Progress(Phase.FILMING, voice("Making a GIF…"))
        with self.workrooms.open(str(job.id)) as room:
            source = await self._source(job, room, voice)
            gif = await self.maker.gif(source.ref, room, voice)
        kept = Work(source, 0).to_json()
        if job.payload.text == AS_FILE:
            yield Answer(Reply("", (replace(gif, kind=Kind.DOCUMENT),)), kept=kept)
        else:
            moving = replace(gif, kind=Kind.ANIMATION)
            rows = file_row(job, voice)
            yield Answer(Reply("", (moving,), rows, captioned=True), kept=kept)

    def stopped(self, job: Job, shown: str) -> Answer:  # noqa: ARG002 - the contract of a Task
        """Nothing remains of it."""
        return Answer(Reply(self._voice(job)("Stopped."), plain=True))

    async def _source(self, job: Job, room: Path, voice: Voice) -> Attachment:
        """The film on our shelf."""
        [film] = job.payload.attachments[:1]
        if film.ref.startswith(OURS):
            return replace(film, ref=film.ref.removeprefix(OURS))
        work = await self._work(job)
        if work is not None and self.shelf.path(work.file.ref).exists():
            return work.file
        file = await self.finds.bring(film, room, voice)
        try:
            clip = await self.finisher.finish(
                Clip(file, film.mime), room, Wanted("a person", LONGEST), voice
            )
        except BackendNonsense:
            raise Broken(voice("This is no film that I can open.")) from None
        return await shelved(self.shelf, clip, Kind.VIDEO)

    async def _work(self, job: Job) -> Work | None:
        """What we had sent in the message that is replied to."""
        about = job.payload.about
        if about is None or not about.ours:
            return None
        answer = await self.outbox.answer_of(job.payload.place.chat, about.message)
        found = await self.jobs.latest(answer) if answer else None
        return Work.from_json(found.job.checkpoint) if found else None

    def _voice(self, job: Job) -> Voice:
        return self.words.speak(job.payload.person.language)
