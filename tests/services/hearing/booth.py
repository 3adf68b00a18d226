"""A booth where recordings are listened to: fake servers, real sound, a real database."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.answers import Progress
from domain.errors import Broken
from domain.jobs import Job
from domain.messages import Attachment, Incoming, Kind
from domain.speech import Transcript
from services.backends.whisper_cpp import WhisperCppTranscriber
from services.budget import Allowance
from services.candidates import Candidate
from services.categories import Rules
from services.chain import Chain
from services.files import Shelf, Workrooms
from services.hearing.ears import Ears, Heard
from services.hearing.guesses import Guesses
from services.hearing.tasks import Hear, Listening, Transcribe
from services.skills import Transcriber
from services.sound.convert import Converter
from services.sound.ffmpeg import Ffmpeg
from services.tastes import Tastes
from services.wire import Wire
from services.words import Voice
from tests.fakes.serving import Request, Script
from tests.fakes.whisper_cpp import FakeWhisperCpp
from tests.services.chained import QUICK
from tests.services.ground import ME, Ground
from tests.services.recordings import tone
from tests.services.voices import budget, tastes


@dataclass(slots=True)
class FromFolder:
    """A fetcher without Telegram: a file's name there is its name in the folder."""

    folder: Path
    fetched: list[str] = field(default_factory=list)

    async def fetch(self, attachment: Attachment, into: Path, voice: Voice) -> Path:
        """Copy it."""
        self.fetched.append(attachment.ref)
        source = self.folder / attachment.ref
        if not source.exists():
            raise Broken(voice("Please send it again."))
        return Path(shutil.copy(source, into / "file"))


@dataclass(slots=True)
class Booth:
    """Ears over a whisper.cpp that hears what the script says."""

    ground: Ground
    folder: Path
    server: FakeWhisperCpp
    chain: Chain[Transcriber]
    tastes: Tastes
    part: float = 120.0
    longest: float = 7200.0
    allowances: Mapping[str, Allowance] = field(default_factory=dict)
    fetcher: FromFolder = field(init=False)

    def __post_init__(self) -> None:
        self.fetcher = FromFolder(self.folder)

    @property
    def ears(self) -> Ears:
        """What is tried."""
        return Ears(
            self.chain,
            self.fetcher,
            Workrooms(self.folder / "work"),
            Converter(Ffmpeg()),
            self.ground.jobs,
            budget(self.ground, self.allowances),
            self.ground.words,
            ME,
            self.longest,
            self.part,
        )

    @property
    def listening(self) -> Listening:
        """What both tasks do."""
        return Listening(self.ears, self.ground.words, self.tastes, Guesses(self.tastes))

    @property
    def hear(self) -> Hear:
        """The task that hands a question on."""
        return Hear(self.listening, Rules())

    @property
    def transcribe(self) -> Transcribe:
        """The task that only writes down."""
        shelf = Shelf(self.folder / "outgoing")
        return Transcribe(self.listening, self.ground.words, Workrooms(self.folder / "work"), shelf)

    def records(self, name: str, sound: bytes | float = 1.0, kind: Kind = Kind.VOICE) -> Attachment:
        """Put a recording where it can be fetched: bytes, or a tone of so many seconds."""
        body = tone(sound) if isinstance(sound, float) else sound
        (self.folder / name).write_bytes(body)
        seconds = sound if isinstance(sound, float) else 0.0
        return Attachment(kind, name, "audio/ogg", len(body), seconds)

    def says(self, *sounds: Attachment, text: str = "", chat: int = 1) -> Incoming:
        """Somebody sends recordings."""
        said = self.ground.talk.says(text, chat=chat)
        return Incoming(said.place, said.message, said.person, text, sounds)

    async def begun(self, said: Incoming, **fields: Any) -> Job:
        """The job of it, which is being worked on."""
        return await self.ground.begun(said, "hear", **{"task": "hear", **fields})

    async def steps(self, job: Job, language: str = "") -> list[Progress | Heard]:
        """All that the ears tell of a job."""
        async with aclosing(self.ears.listen(job, language)) as steps:
            return [step async for step in steps]

    async def heard(self, job: Job, language: str = "") -> tuple[Transcript, ...]:
        """What they heard in the end."""
        *_, end = await self.steps(job, language)
        assert isinstance(end, Heard)
        return end.transcripts

    def asked(self) -> list[Request]:
        """The recordings that the server was given; a look at whether it is well has none."""
        return [one for one in self.server.to("/inference") if one.body]

    def left(self) -> list[str]:
        """What is left in the workrooms."""
        work = self.folder / "work"
        return [one.name for one in work.rglob("*")] if work.exists() else []


@asynccontextmanager
async def opened(ground: Ground, folder: Path, wire: Wire, slots: int = 2) -> AsyncIterator[Booth]:
    """A booth while the block runs."""
    async with FakeWhisperCpp(Script("Hello there.")) as server:
        backend: Transcriber = WhisperCppTranscriber(wire, server.url, label="Ear")
        async with Chain("hear", [Candidate(backend, slots)], QUICK) as chain:
            yield Booth(ground, folder, server, chain, tastes(ground))
