"""Decides whether an answer is read aloud, and has it done while it is written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from domain.errors import HearthbotError
from domain.jobs import Job
from domain.messages import Attachment, Kind
from domain.routes import Route
from domain.speech import Timbre
from services.budget import Budget
from services.chain import Chain
from services.files import Shelf, Workrooms
from services.first_piece import put_away
from services.skills import Synthesizer
from services.sound.encoding import VoiceFile, voice_file
from services.sound.ffmpeg import Ffmpeg, FfmpegError
from services.speakable.numbers import in_words
from services.speakable.reader import Reader, Utterance
from services.speaking.reading import Aloud, Reading, Silent, Spoken
from services.speaking.recital import Recital
from services.speaking.tape import Tape
from services.speaking.tempo import Tempo
from services.tastes import Tastes
from services.words import Words

log = logging.getLogger(__name__)

SKILL = "speak"

WARMING = "21 km"
"""The first number that is read costs a quarter of a second, which nobody should have to wait."""

SHORTEST = 5.0
"""Seconds that have to be left for today, or nothing is spoken."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """Reads answers aloud to those who want it, each in the languages that it is written in.

    `usual` is when the owner wants it, `longest` how many seconds a voice message may have. `told`
    are the lanes that know already that nothing can be spoken, `tempo` is that of all answers.
    """

    chain: Chain[Synthesizer]
    tastes: Tastes
    budget: Budget
    workrooms: Workrooms
    shelf: Shelf
    ffmpeg: Ffmpeg
    words: Words
    usual: str = "when_spoken_to"
    longest: float = 180.0
    told: set[str] = field(default_factory=set)
    tempo: Tempo = field(default_factory=Tempo)

    def wanted(self, job: Job) -> bool:
        """Whether this person wants to hear the answer to this."""
        mode = self.tastes.of(job.payload.person.id).mode or self.usual
        return mode == "always" or (mode == "when_spoken_to" and bool(job.payload.heard))

    @asynccontextmanager
    async def aloud(self, job: Job) -> AsyncIterator[Reading]:
        """An answer that is read aloud while the block runs, or not where nobody wants that."""
        if not self.wanted(job):
            yield Silent()
            return
        async with self.recited(job) as reading:
            yield reading

    @asynccontextmanager
    async def recited(self, job: Job) -> AsyncIterator[Reading]:
        """An answer that is read aloud, whoever wants it, within what is left of their day."""
        seconds = await self._allowed(job)
        if not seconds:
            voice = self.words.speak(job.payload.person.language)
            yield Silent(voice("I have spoken enough for you today; this is in writing."))
            return
        try:
            async with AsyncExitStack() as stack:
                yield await self._begun(job, seconds, stack)
        finally:
            await self.budget.refund(job, SKILL, "not spoken")  # what is settled stays

    async def _allowed(self, job: Job) -> float:
        """Set seconds aside: a voice message's, or what is left; 0 where that is too little."""
        verdict = await self.budget.reserve(job, SKILL, self.longest)
        if verdict.granted:
            return self.longest
        left = verdict.left
        if left >= SHORTEST and (await self.budget.reserve(job, SKILL, left)).granted:
            return left
        return 0.0

    async def _begun(self, job: Job, seconds: float, stack: AsyncExitStack) -> Reading:
        """Open all that a recital needs; without ffmpeg nothing is spoken."""
        room = stack.enter_context(self.workrooms.open(f"{job.id}-voice"))
        opening = voice_file(room / "voice.ogg", self.ffmpeg, seconds)
        try:
            file = await stack.enter_async_context(opening)
        except FfmpegError as trouble:
            return Silent(self._silence(job, trouble))
        language = job.payload.person.language
        warming = self.chain.warm(self._timbre(job, language))
        task = asyncio.create_task(warming, name=f"warming a voice for {job.id}")
        stack.push_async_callback(put_away, task)
        await asyncio.to_thread(in_words, WARMING, language)
        reader = Reader(language, self.words.speak)
        tape = Tape(file, room, self.ffmpeg)
        recital = Recital(reader, partial(self._speak, job), tape, self._places(), self.tempo)
        await stack.enter_async_context(recital)
        return Aloud(recital, partial(self._ended, job, recital, file))

    async def _speak(self, job: Job, utterance: Utterance) -> bytes:
        """Have a sentence spoken in the voice and at the speed that the person likes."""
        timbre = self._timbre(job, utterance.language)
        return await self.chain.once(Route(), lambda one: one.speak(utterance.text, timbre))

    def _timbre(self, job: Job, language: str) -> Timbre:
        taste = self.tastes.of(job.payload.person.id)
        return Timbre(language, taste.name, taste.speed or 1.0)

    async def _ended(self, job: Job, recital: Recital, file: VoiceFile) -> Spoken:
        """Make a voice message of what was spoken, and say where it does not hold all."""
        if recital.trouble:
            return Spoken(note=self._silence(job, recital.trouble))
        if not file.seconds:
            return Spoken()  # nothing in it can be read aloud
        try:
            path, seconds = await file.finish()
            size = path.stat().st_size
            ref = self.shelf.put(path, ".ogg")
        except (FfmpegError, OSError) as trouble:
            return Spoken(note=self._silence(job, trouble))
        await self.budget.settle(job, SKILL, seconds)
        self.told.discard(job.lane)
        voice = self.words.speak(job.payload.person.language)
        note = voice("I have read the beginning aloud; the rest is in writing.")
        message = Attachment(Kind.VOICE, ref, "audio/ogg", size, seconds)
        return Spoken(message, note if recital.full else "")

    def _places(self) -> int:
        return sum(one.slots for one in self.chain.state() if one.health.up) or 1

    def _silence(self, job: Job, trouble: Exception) -> str:
        """Tell a lane once that nothing can be spoken; the operator is told each time."""
        ours = isinstance(trouble, HearthbotError)
        reason = trouble if ours else type(trouble).__name__
        log.warning("Not spoken: %s", reason, extra={"action": "speak", "job": job.id})
        if job.lane in self.told:
            return ""
        self.told.add(job.lane)
        voice = self.words.speak(job.payload.person.language)
        return voice("I cannot speak at the moment, so this is in writing.")
