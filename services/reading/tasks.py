"""The tasks that read documents: one summarises, one answers what is asked about them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from domain.answers import Draft, Reply
from domain.documents import Document
from domain.jobs import Job, Wish
from domain.messages import Role, Turn
from services.context import Context
from services.phrasing import anew, exchange, nothing
from services.reading.answers import Answers, Question
from services.reading.orders import Length
from services.reading.remains import Remains
from services.reading.showing import length_rows, seen, shortened
from services.reading.steps import Gathered, Wanted, Written
from services.reading.summaries import Summaries
from services.reading.which import Which
from services.tasks import Answer, Step
from services.words import Voice, Words
from storage.conversations import Conversations, History

LENGTHS = {
    Wish.SHORT: Length.SHORT,
    Wish.SHORTER: Length.SHORT,
    Wish.BULLETS: Length.BULLETS,
}
"""Which summary a button asks for; full ones need no button."""


@dataclass(frozen=True, slots=True)
class Table:
    """What both tasks work with."""

    which: Which
    words: Words
    conversations: Conversations

    def voice(self, job: Job) -> Voice:
        """The language of who asks."""
        return self.words.speak(job.payload.person.language)

    def none(self, job: Job) -> Answer:
        """Say that there is no document to read."""
        text = self.voice(job)("Send me a document first, or reply to one.")
        return Answer(Reply(text, plain=True))


@dataclass(frozen=True, slots=True)
class Summarise:
    """Summarises the document of a job, as long as its button says."""

    table: Table
    summaries: Summaries
    remains: Remains = field(default_factory=Remains)

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Show how far the reading is, then the summary as it is written."""
        voice = self.table.voice(job)
        document = await self.table.which.document(job)
        if document is None:
            yield self.table.none(job)
            return
        model = await self.table.conversations.model(job.lane)
        wanted = Wanted(document, voice, LENGTHS.get(job.wish, Length.FULL), model)
        word = document.outline.page_word
        async with aclosing(self.summaries.summarise(wanted)) as steps:
            async for step in steps:
                if isinstance(step, Gathered):
                    self.remains.keep(job.id, step)
                if isinstance(step, Written):
                    self.remains.take(job.id)
                    yield self._answer(job, document, step.text, voice)
                else:
                    yield seen(step, word, voice)

    def stopped(self, job: Job, shown: str) -> Answer:
        """Show what was written, else the notes that there are, and say that it is not all."""
        voice, gathered = self.table.voice(job), self.remains.take(job.id)
        rows = length_rows(job, voice)
        if shown:
            said = exchange(job.payload.whole or "Summarise the document.", shown)
            return Answer(Reply(f"{shown}\n\n_{voice('Stopped.')}_", rows=rows), said)
        if gathered is None or not gathered.notes:
            return Answer(Reply(voice("Stopped."), rows=rows, plain=True))
        told = voice(
            "Stopped after {read} of {pages} pages. This is not a summary of all of it, only my "
            "notes so far:",
            read=gathered.read,
            pages=gathered.pages,
        )
        return Answer(Reply(f"{told}\n\n{shortened(gathered.notes)}", rows=rows, plain=True))

    def _answer(self, job: Job, document: Document, text: str, voice: Voice) -> Answer:
        rows = length_rows(job, voice)
        if not text:
            return Answer(Reply(nothing(voice), rows=rows, plain=True))
        question = job.payload.whole or f"Summarise the document “{document.name}”."
        return Answer(Reply(text, rows=rows), exchange(question, text))


@dataclass(frozen=True, slots=True)
class AskDocument:
    """Answers a question about the document of a job."""

    table: Table
    answers: Answers
    context: Context
    now: Callable[[], datetime]

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Find what may answer it, then show the answer as it is written."""
        voice = self.table.voice(job)
        document = await self.table.which.document(job)
        if document is None:
            yield self.table.none(job)
            return
        history = await self.table.conversations.history(job.lane, job.answer)
        wanted = Wanted(document, voice, model=history.model)
        question = self._question(job, history)
        word = document.outline.page_word
        async with aclosing(self.answers.answer(wanted, question)) as steps:
            async for step in steps:
                if isinstance(step, Written):
                    yield self._answer(job, step.text, voice)
                elif isinstance(step, Draft):
                    yield Draft(step.text, job.payload.heard)
                else:
                    yield seen(step, word, voice)

    def stopped(self, job: Job, shown: str) -> Answer:
        """Keep what was written, and say that it was stopped."""
        voice = self.table.voice(job)
        note, rows = voice("Stopped."), anew(job, voice)
        if not shown:
            return Answer(Reply(note, rows=rows, plain=True, heard=job.payload.heard))
        said = exchange(job.payload.whole, shown)
        return Answer(Reply(f"{shown}\n\n_{note}_", rows=rows, heard=job.payload.heard), said)

    def _question(self, job: Job, history: History) -> Question:
        said = [Turn(line.role, line.text) for line in history.lines]
        before = next((one.text for one in reversed(said) if one.role is Role.USER), "")
        system = self.context.system(job, "", self.now())
        return Question(job.payload.whole, system, tuple(said), before)

    def _answer(self, job: Job, text: str, voice: Voice) -> Answer:
        rows = anew(job, voice)
        if not text:
            return Answer(Reply(nothing(voice), rows=rows, plain=True, heard=job.payload.heard))
        return Answer(
            Reply(text, rows=rows, heard=job.payload.heard), exchange(job.payload.whole, text)
        )
