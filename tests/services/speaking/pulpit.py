"""A pulpit from which answers are read aloud: fake Pipers, real sound, a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from domain.jobs import Job
from domain.messages import Attachment, Incoming, Kind
from services.backends.piper_http import PiperHttpSynthesizer
from services.budget import Allowance
from services.candidates import Candidate
from services.chain import Chain
from services.skills import Synthesizer
from services.speaking.reading import Spoken
from services.speaking.speaking import Speaking
from services.wire import Wire
from tests.fakes.piper_http import FakePiper, voice
from tests.fakes.serving import Script
from tests.services.chained import QUICK
from tests.services.ground import Ground, until
from tests.services.voices import speaking

VOICES = {
    "en_US-joe-medium": voice("en_US"),
    "en_GB-alan-low": voice("en_GB"),
    "ru_RU-irina-medium": voice("ru_RU"),
}


@dataclass(slots=True)
class Pulpit:
    """Speaking over a Piper that speaks with tones."""

    ground: Ground
    folder: Path
    server: FakePiper
    chain: Chain[Synthesizer]
    usual: str = "always"
    longest: float = 180.0
    allowances: Mapping[str, Allowance] = field(default_factory=dict)
    made: Speaking | None = None

    @property
    def speaking(self) -> Speaking:
        """What is tried: the same one all the while."""
        if self.made is None:
            self.made = speaking(
                self.ground,
                self.folder,
                self.chain,
                usual=self.usual,
                longest=self.longest,
                allowances=self.allowances,
            )
        return self.made

    async def asked(self, *, aloud: bool = True, lane: str = "1", chat: int = 1) -> Job:
        """A question, spoken or written, which is being answered."""
        said = self.ground.talk.says("Why?", chat=chat)
        note = Attachment(Kind.VOICE, "note", "audio/ogg", 1, 1.0, text="Why?")
        said = Incoming(said.place, said.message, said.person, "", (note,)) if aloud else said
        return await self.ground.begun(said, lane=lane)

    async def reads(self, *texts: str, job: Job | None = None) -> Spoken:
        """Read an answer aloud that grows from text to text."""
        job = job or await self.asked()
        async with self.speaking.aloud(job) as reading:
            for text in texts:
                reading.feed(text)
            return await reading.finish(texts[-1])

    def said(self) -> list[str]:
        """The sentences that the server spoke, in the order in which it did."""
        return [text for _, text in self.server.spoke]

    def file(self, spoken: Spoken) -> Path:
        """The voice message."""
        assert spoken.voice is not None
        return self.speaking.shelf.path(spoken.voice.ref)

    def left(self) -> list[str]:
        """What is left in the workrooms."""
        work = self.folder / "work"
        return [one.name for one in work.rglob("*")] if work.exists() else []


@asynccontextmanager
async def opened(ground: Ground, folder: Path, wire: Wire) -> AsyncIterator[Pulpit]:
    """A pulpit while the block runs."""
    async with FakePiper(Script(), VOICES) as server:
        backend: Synthesizer = PiperHttpSynthesizer(wire, server.url, label="Mouth")
        async with Chain("speak", [Candidate(backend, 2)], QUICK) as chain:
            await until(lambda: bool(chain.state()[0].voices))
            yield Pulpit(ground, folder, server, chain)
