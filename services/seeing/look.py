"""The task that answers questions about pictures, or says what is on them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from domain.answers import Draft, Phase, Progress, Reply
from domain.jobs import Job
from domain.messages import Role
from services.context import LANGUAGE_NAMES, WISHES
from services.phrasing import anew, nothing, waiting
from services.seeing.eyes import Eyes, Onlooker
from services.seeing.retelling import DESCRIBE, Notes, Retelling
from services.skills import ChatOptions
from services.tasks import Answer, PlaceFree, Step
from services.thoughts import Listener
from services.tokens import estimate
from services.words import Voice, Words
from storage.jobs import Said

CURE = "ollama pull moondream"
"""What brings a model that can describe pictures."""


@dataclass(slots=True)
class Sight:
    """What came of a look: who looked, at how many pictures, and what they said."""

    onlooker: Onlooker
    heard: Listener
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """Looks, and tells what is seen in the person's language."""

    eyes: Eyes
    retelling: Retelling
    words: Words
    max_tokens: int = 1024

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Look first; where that is not the answer yet, have it told."""
        voice = self._voice(job)
        yield Progress(Phase.LOOKING, voice("Looking…"))
        sight = Sight(Onlooker(), Listener())
        async with aclosing(self._looked(job, sight, voice)) as steps:
            async for step in steps:
                yield step
        text = sight.heard.answer
        if text and self._wants_telling(job, sight):
            yield PlaceFree.NOW
            told = Listener()
            async with aclosing(self._told(job, sight, told, voice)) as steps:
                async for step in steps:
                    yield step
            text = told.answer or text
        yield self._answer(job, text, sight, voice)

    def stopped(self, job: Job, shown: str) -> Answer:
        """Keep what was written, and say that it was stopped."""
        note = self._voice(job)("Stopped.")
        text = f"{shown}\n\n_{note}_" if shown else note
        return Answer(Reply(text, rows=anew(job, self._voice(job))), ())

    async def _looked(self, job: Job, sight: Sight, voice: Voice) -> AsyncGenerator[Step, None]:
        """Have somebody look; what they say is shown where it can stand as it is."""
        options = ChatOptions(self.max_tokens)
        seen = self.eyes.look(job, partial(self._question, job), sight.onlooker, options)
        async with aclosing(seen) as pieces:
            async for piece in pieces:
                if isinstance(piece, Phase):
                    yield _shown(piece, voice)
                elif isinstance(piece, int):
                    sight.pictures = piece
                else:
                    sight.heard.hear(piece)
                    if not self._wants_telling(job, sight) and sight.heard.answer.strip():
                        yield Draft(sight.heard.answer.strip())
        sight.heard.finish()

    async def _question(self, job: Job, onlooker: Onlooker) -> str:
        """What they are asked, in a language that they know; nothing asks for a description."""
        question, wish = job.payload.text, WISHES.get(job.wish, "")
        if onlooker.english_only:
            question = await self.retelling.in_english(question)
            return " ".join(filter(None, [question, wish if question else ""]))
        language = LANGUAGE_NAMES.get(job.payload.person.language, "English")
        return " ".join(filter(None, [question or DESCRIBE, wish, f"Answer in {language}."]))

    def _wants_telling(self, job: Job, sight: Sight) -> bool:
        """Whether what was seen is only material for an answer."""
        one = sight.onlooker
        foreign = one.english_only and job.payload.person.language != "en"
        numbered = sight.pictures > one.at_once
        questioned = one.reads_only and bool(job.payload.text)
        return (foreign or numbered or questioned) and self.retelling.able

    async def _told(
        self, job: Job, sight: Sight, told: Listener, voice: Voice
    ) -> AsyncGenerator[Step, None]:
        notes = Notes(sight.heard.answer, sight.pictures, sight.onlooker.reads_only)
        language = job.payload.person.language
        async with aclosing(self.retelling.tell(notes, job.payload.text, language)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Phase):
                    yield Progress(piece, waiting(piece, voice))
                    continue
                told.hear(piece)
                if told.answer.strip():
                    yield Draft(told.answer.strip())
        told.finish()

    def _answer(self, job: Job, text: str, sight: Sight, voice: Voice) -> Answer:
        if sight.onlooker.reads_only:
            text = _read(text, voice)
        elif not text:
            text = nothing(voice)
        reply = Reply(text, rows=anew(job, voice))
        asked = " ".join(filter(None, ["[picture]", job.payload.text]))
        lines = (
            Said(Role.USER, asked, estimate(asked)),
            Said(Role.ASSISTANT, text, estimate(text)),
        )
        return Answer(reply, lines)

    def _voice(self, job: Job) -> Voice:
        return self.words.speak(job.payload.person.language)


def _read(text: str, voice: Voice) -> str:
    """What was read, and what it takes to see more."""
    hint = voice(
        "I can only read the text in pictures. To describe them I need a model that sees, "
        "such as `{command}`.",
        command=CURE,
    )
    if not text:
        return f"{voice('I found no text in this picture.')}\n\n_{hint}_"
    return f"{text}\n\n_{hint}_"


def _shown(phase: Phase, voice: Voice) -> Progress:
    """Who looks does not think first."""
    note = voice("Looking…") if phase is Phase.THINKING else waiting(phase, voice)
    return Progress(Phase.LOOKING if phase is Phase.THINKING else phase, note)
