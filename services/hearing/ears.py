"""Ears: what somebody recorded is fetched, made readable, cut, and written down part by part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field
from pathlib import Path

from domain.answers import Phase, Progress
from domain.errors import Unsupported
from domain.jobs import Job
from domain.messages import SOUNDING, Attachment
from domain.routes import Route
from domain.speech import Speech, Transcript
from services.budget import Budget
from services.chain import Chain
from services.files import Fetcher, Workrooms
from services.first_piece import put_away
from services.hearing.notes import Key, Notes
from services.skills import Transcriber
from services.sound.convert import Converter, too_long
from services.sound.cutting import carve, plan
from services.sound.loudness import silent
from services.words import Voice, Words
from storage.jobs import Jobs

SKILL = "hear"
NOTHING = Transcript("")


@dataclass(frozen=True, slots=True)
class Heard:
    """What each recording of a job says, in their order."""

    transcripts: tuple[Transcript, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a recording, and where it belongs."""

    key: Key
    speech: Speech


@dataclass(slots=True)
class Hearing:
    """A job that is being listened to; `news` is set when another part has been heard."""

    job: Job
    language: str
    notes: Notes
    parts: list[Part] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def open(self) -> list[Part]:
        """The parts that nobody has heard yet."""
        return [one for one in self.parts if one.key not in self.notes.parts]

    @property
    def share(self) -> float:
        """How much of the recordings was heard, from 0 to 1."""
        whole = sum(one.speech.seconds for one in self.parts)
        left = sum(one.speech.seconds for one in self.open)
        return 1 - left / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class Ears:
    """Listens for tasks; what was heard is kept with the job, so no crash has it heard again.

    `longest` is how many seconds all recordings of a job may have, `part` how many are given to a
    transcriber at once; `name` is what this process works under.
    """

    chain: Chain[Transcriber]
    fetcher: Fetcher
    workrooms: Workrooms
    converter: Converter
    jobs: Jobs
    budget: Budget
    words: Words
    name: str
    longest: float = 7200.0
    part: float = 120.0

    async def listen(self, job: Job, language: str) -> AsyncGenerator[Progress | Heard, None]:
        """Yield how far it is, and last what was heard; without a language it is found out.

        Raises TooBig, Broken, Unsupported or QuotaExceeded in the person's words.
        """
        voice = self.words.speak(job.payload.person.language)
        if not self.chain.state():
            raise Unsupported(
                voice("I cannot listen to recordings at the moment. Please write to me instead.")
            )
        sounds = [one for one in job.payload.attachments if one.kind in SOUNDING]
        self._check_length(sum(one.seconds for one in sounds), voice)
        hearing = Hearing(job, language, Notes.read(job.checkpoint))
        yield Progress(Phase.LISTENING, voice("Listening…"))
        async with AsyncExitStack() as stack:
            warming = asyncio.create_task(self.chain.warm(), name=f"warming ears for {job.id}")
            stack.push_async_callback(put_away, warming)
            for number, sound in enumerate(sounds):
                room = stack.enter_context(self.workrooms.open(f"{job.id}-{number}"))
                hearing.parts += await self._prepared(sound, number, room, voice)
            spent = self.budget.spent(job, SKILL, _seconds(hearing.parts), voice)
            async with spent, aclosing(self._hear(hearing, voice)) as steps:
                async for step in steps:
                    yield step
        yield Heard(tuple(hearing.notes.whole(number) for number in range(len(sounds))))

    def _check_length(self, seconds: float, voice: Voice) -> None:
        if seconds > self.longest:
            raise too_long(int(self.longest // 60), voice)

    async def _prepared(
        self, sound: Attachment, number: int, room: Path, voice: Voice
    ) -> Sequence[Part]:
        """Fetch a recording, and cut it into parts that transcribers can take."""
        file = await self.fetcher.fetch(sound, room, voice)
        speech = await self.converter.convert(file, room, voice)
        file.unlink(missing_ok=True)
        pieces = [await carve(speech, span, room) for span in await plan(speech, self.part)]
        return [Part((number, one.start), one.speech) for one in pieces]

    async def _hear(self, hearing: Hearing, voice: Voice) -> AsyncGenerator[Progress, None]:
        """Have all open parts transcribed; a long recording shows how far it is."""
        work = asyncio.create_task(self._parts(hearing), name=f"hearing {hearing.job.id}")
        try:
            while not work.done():
                news = asyncio.create_task(hearing.news.wait(), name="news of a hearing")
                await asyncio.wait({work, news}, return_when=asyncio.FIRST_COMPLETED)
                await put_away(news)
                hearing.news.clear()
                if len(hearing.parts) > 1:
                    yield Progress(Phase.LISTENING, voice("Listening…"), hearing.share)
            work.result()
        finally:
            await put_away(work)

    async def _parts(self, hearing: Hearing) -> None:
        """Transcribe as many parts at once as there are places, the first ones first."""
        places = sum(one.slots for one in self.chain.state()) or 1
        line = iter(hearing.open)
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(min(places, len(hearing.open))):
                    listener = self._one_after_another(hearing, line)
                    group.create_task(listener, name=f"ear {number} of {hearing.job.id}")
        except ExceptionGroup as troubles:
            raise troubles.exceptions[0] from None

    async def _one_after_another(self, hearing: Hearing, line: Iterator[Part]) -> None:
        for part in line:
            hearing.notes.note(part.key, await self._transcript(hearing, part.speech))
            await self.jobs.save(hearing.job.id, self.name, hearing.notes.to_json())
            hearing.news.set()

    async def _transcript(self, hearing: Hearing, speech: Speech) -> Transcript:
        if await silent(speech):
            return NOTHING
        language = hearing.language or hearing.notes.language
        return await self.chain.once(Route(), lambda one: one.transcribe(speech, language))


def _seconds(parts: Sequence[Part]) -> float:
    return sum(one.speech.seconds for one in parts)
