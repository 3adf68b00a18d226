"""The tasks that listen: one hands on what was said as a question, one only writes it down."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from domain.answers import Reply
from domain.jobs import Job
from domain.messages import Attachment, Kind, Role
from domain.speech import Transcript
from services.categories import Rules
from services.files import Shelf, Workrooms
from services.hearing.ears import Ears, Heard
from services.hearing.guesses import Guesses
from services.hearing.subtitles import srt, timed
from services.hearing.words import with_words
from services.places import pool_of
from services.tasks import Answer, Onward, Step
from services.tastes import Tastes
from services.tokens import estimate
from services.words import Voice, Words
from storage.jobs import Said

SHORT = 3000
"""Characters up to which a transcript is a message; a longer one is a file."""


@dataclass(frozen=True, slots=True)
class Listening:
    """What both tasks do: listen in the language that is known, and say when nothing is heard."""

    ears: Ears
    words: Words
    tastes: Tastes
    guesses: Guesses

    async def run(
        self, job: Job, end: Callable[[Job, Heard], Answer | Onward]
    ) -> AsyncGenerator[Step, None]:
        """Listen, and end as `end` says.

        The language is the one that a button named, or that the person has set.
        """
        language = job.wish.language or self.tastes.of(job.payload.person.id).spoken
        async with aclosing(self.ears.listen(job, language)) as steps:
            async for step in steps:
                yield end(job, step) if isinstance(step, Heard) else step

    def nothing(self, job: Job) -> Answer:
        """Say that there were no words."""
        text = self._voice(job)("I heard no words in this recording.")
        rows = self.guesses.offered(job, job.wish.language, self._voice(job))
        return Answer(Reply(text, rows=rows, plain=True))

    def stopped(self, job: Job) -> Answer:
        """Nothing remains of it."""
        return Answer(Reply(self._voice(job)("Stopped."), plain=True))

    def _voice(self, job: Job) -> Voice:
        return self.words.speak(job.payload.person.language)


@dataclass(frozen=True, slots=True)
class Hear:
    """The first stage of a spoken question: what was said goes on as if it had been written."""

    listening: Listening
    rules: Rules

    def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Listen, then pass the job on."""
        return self.listening.run(job, self._onward)

    def stopped(self, job: Job, shown: str) -> Answer:  # noqa: ARG002 - the contract of a Task
        """Nothing was answered yet."""
        return self.listening.stopped(job)

    def _onward(self, job: Job, heard: Heard) -> Answer | Onward:
        said = with_words(job.payload, heard.transcripts)
        if not said.heard:
            return self.listening.nothing(job)
        return Onward("chat", pool_of("chat", said, self.rules), said)


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Writes down what was said, and no more: a message where it is short, else files."""

    listening: Listening
    words: Words
    workrooms: Workrooms
    shelf: Shelf

    def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Listen and show it."""
        return self.listening.run(job, self._answer)

    def stopped(self, job: Job, shown: str) -> Answer:  # noqa: ARG002 - the contract of a Task
        """Half a transcript is none."""
        return self.listening.stopped(job)

    def _answer(self, job: Job, heard: Heard) -> Answer:
        voice = self.words.speak(job.payload.person.language)
        said = with_words(job.payload, heard.transcripts)
        if not said.heard:
            return self.listening.nothing(job)
        rows = self.listening.guesses.rows(replace(job, payload=said), voice)
        lines = (Said(Role.USER, said.heard, estimate(said.heard)),)
        if len(said.heard) <= SHORT:
            return Answer(Reply(said.heard, rows=rows, plain=True), lines)
        files = tuple(one for heard_one in heard.transcripts for one in self._files(job, heard_one))
        text = voice("The recording is long, so here is what was said as a file.")
        return Answer(Reply(text, attachments=files, rows=rows, plain=True), lines)

    def _files(self, job: Job, heard: Transcript) -> list[Attachment]:
        texts = {".txt": timed(heard), ".srt": srt(heard) if len(heard.segments) > 1 else ""}
        with self.workrooms.open(f"{job.id}-files") as room:
            return [self._file(room, ending, text) for ending, text in texts.items() if text]

    def _file(self, room: Path, ending: str, text: str) -> Attachment:
        file = room / f"transcript{ending}"
        size = file.write_text(text, encoding="utf-8")
        mime = "text/plain" if ending == ".txt" else "application/x-subrip"
        return Attachment(
            Kind.DOCUMENT, self.shelf.put(file, ending), mime, size, name=f"transcript{ending}"
        )
