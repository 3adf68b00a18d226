"""Chat: a question goes to the first model that can take it, the answer streams back."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime

from domain.answers import Button, Draft, Phase, Progress, Reply
from domain.errors import TooBig
from domain.jobs import Job
from domain.messages import Turn
from domain.routes import Category, Route
from services.categories import Rules
from services.chain import Chain
from services.context import Context, summary_request
from services.hearing.guesses import Guesses
from services.phrasing import anew, exchange, nothing, waiting
from services.skills import ChatModel, ChatOptions
from services.speaking.reading import Reading, Spoken
from services.speaking.speaking import Speaking
from services.subjects import Subjects
from services.tasks import Answer, PlaceFree, Step
from services.thoughts import Listener
from services.words import Voice, Words
from storage.conversations import Conversations, History, Line


@dataclass(frozen=True, slots=True)
class Manners:
    """How answers look; lengths in tokens."""

    max_tokens: int = 1024
    temperature: float | None = None
    show_thoughts: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """The task that answers a question in its conversation."""

    chain: Chain[ChatModel]
    conversations: Conversations
    context: Context
    words: Words
    manners: Manners
    rules: Rules
    speaking: Speaking
    guesses: Guesses
    subjects: Subjects
    now: Callable[[], datetime]

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Answer, showing what there is so far, and read it aloud where that is wanted."""
        voice = self.words.speak(job.payload.person.language)
        if not self.context.fits_alone(job, self.now()):
            raise TooBig(voice("This is too long for me to read at once. Please send less."))
        history = await self.conversations.history(job.lane, job.answer)
        if onward := await self.subjects.of(job, history):
            yield onward
            return
        turns = self.context.turns(job, history, self.now())
        if self.context.excess(turns) > 0:
            yield Progress(Phase.THINKING, voice("Recalling what we said before…"))
            turns = await self._shortened(job, history)
        if job.payload.heard:
            yield Draft("", job.payload.heard)
        heard = Listener()
        route = Route(self.rules.category(job.payload.whole), model=history.model)
        async with self.speaking.aloud(job) as reading:
            async with aclosing(self._streamed(route, turns, heard, voice)) as steps:
                async for step in steps:
                    yield self._shown(job, step, reading)
            if reading.speaks:
                yield PlaceFree.NOW
            spoken = await reading.finish(heard.answer)
        yield self._answer(job, heard, voice, spoken)

    def stopped(self, job: Job, shown: str) -> Answer:
        """Keep what was written, and say that it was stopped."""
        voice = self.words.speak(job.payload.person.language)
        note = voice("Stopped.")
        text = f"{shown}\n\n_{note}_" if shown else note
        reply = Reply(text, rows=self._rows(job, voice), heard=job.payload.heard)
        return Answer(reply, exchange(job.payload.whole, shown) if shown else ())

    def _shown(self, job: Job, step: Draft | Progress, reading: Reading) -> Draft | Progress:
        """What is written is read aloud, and stands under what was heard."""
        heard = job.payload.heard
        if isinstance(step, Draft):
            reading.feed(step.text)
            return Draft(step.text, heard)
        return Draft("", heard) if heard and step.phase is Phase.THINKING else step

    async def _streamed(
        self, route: Route, turns: list[Turn], heard: Listener, voice: Voice
    ) -> AsyncGenerator[Draft | Progress, None]:
        options = ChatOptions(self.manners.max_tokens, self.manners.temperature)
        async with aclosing(self.chain.chat(route, turns, options)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Phase):
                    yield Progress(piece, waiting(piece, voice))
                    continue
                heard.hear(piece)
                if heard.answer.strip():
                    yield Draft(heard.answer.strip())
                elif heard.thinking:
                    yield Progress(Phase.THINKING, waiting(Phase.THINKING, voice))
        heard.finish()

    async def _shortened(self, job: Job, history: History) -> list[Turn]:
        """Fold the oldest lines into the summary; nothing is dropped before that is stored."""
        turns = self.context.turns(job, history, self.now())
        count = self.context.to_summarise(history, self.context.excess(turns))
        old, rest = history.lines[:count], history.lines[count:]
        summary = await self._summary(job, history, old) if old else history.summary
        short = replace(history, summary=summary, lines=rest)
        turns = self.context.turns(job, short, self.now())
        if self.context.excess(turns) > 0:  # the question needs the place of the summary, too
            turns = self.context.turns(job, replace(short, summary=""), self.now())
        return turns

    async def _summary(self, job: Job, history: History, old: Sequence[Line]) -> str:
        """What was said up to now in short; a model that says nothing has summarised nothing."""
        heard = Listener()
        asked = summary_request(history.summary, [Turn(line.role, line.text) for line in old])
        route = Route(Category.FAST, model=history.model)
        async with aclosing(self.chain.chat(route, asked, ChatOptions(300))) as pieces:
            async for piece in pieces:
                if not isinstance(piece, Phase):
                    heard.hear(piece)
        heard.finish()
        if not heard.answer:
            return history.summary
        await self.conversations.summarise(job.lane, history.conversation, heard.answer, old[-1].id)
        return heard.answer

    def _answer(self, job: Job, heard: Listener, voice: Voice, spoken: Spoken) -> Answer:
        asked = job.payload.heard
        if not heard.answer:
            return Answer(
                Reply(nothing(voice), rows=self._rows(job, voice), plain=True, heard=asked)
            )
        thoughts = heard.thoughts if self.manners.show_thoughts else ""
        text = heard.answer
        if self.chain.demonstrates():
            note = voice("Demonstration model, English only: see /status for a better one.")
            text = f"{text}\n\n_{note}_"
        if spoken.note:
            text = f"{text}\n\n_{spoken.note}_"
        files = (spoken.voice,) if spoken.voice else ()
        reply = Reply(text, files, self._rows(job, voice), thoughts, heard=asked)
        return Answer(reply, exchange(job.payload.whole, heard.answer))

    def _rows(self, job: Job, voice: Voice) -> tuple[tuple[Button, ...], ...]:
        return (*anew(job, voice), *self.guesses.rows(job, voice))
