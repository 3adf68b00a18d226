"""An atelier: the tasks that draw and film, a true database, and a ComfyUI to break."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from domain.answers import Progress
from domain.jobs import Job, State
from domain.messages import Attachment
from services.candidates import Candidate
from services.chain import Chain
from services.clips.checking import Finisher
from services.drawing.finds import Finds
from services.drawing.making import Making
from services.drawing.presenting import Films, Pictures
from services.drawing.starts import Starts
from services.drawing.tasks import Make
from services.drawing.translating import Translator
from services.drawing.waits import Timing
from services.files import Shelf, Workrooms
from services.opening.opener import Opener
from services.skills import ChatModel
from services.sound.ffmpeg import Ffmpeg
from services.tasks import Answer, Step
from services.wire import Wire
from services.words import Voice
from storage.jobs import Ending, NewJob
from storage.paces import Paces
from storage.quotas import Quotas, Standing
from tests.fakes.comfyui import FakeComfy
from tests.services.chained import QUICK
from tests.services.comfy_asked import image_at, png, video_at
from tests.services.drawing.easel import DAY, studio
from tests.services.ground import ME, Ground

POOLS = {"draw": "image", "film": "video"}
PICTURES = {"workflow": "try-picture", "start_workflow": "try-picture-from-picture"}
FILMS = {"workflow": "try-animation", "start_workflow": "try-animation-from-picture"}


@dataclass(slots=True)
class Sender:
    """Brings a small picture, whatever is asked for, or what it is told to."""

    sends: bytes = b""

    async def fetch(self, attachment: Attachment, into: Path, voice: Voice) -> Path:
        """Write it."""
        file = png(into / "sent.png")
        if self.sends:
            file.write_bytes(self.sends)
        return file


@dataclass(slots=True)
class Atelier:
    """Where things are made; `seeds` are counted up from 1."""

    ground: Ground
    comfy: FakeComfy
    wire: Wire
    folder: Path
    opener: Opener
    chat: Chain[ChatModel]
    options: dict[str, Any] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))
    chains: dict[str, Chain[Any]] = field(default_factory=dict)
    stops: bool = False
    sender: Sender = field(default_factory=Sender)

    def __post_init__(self) -> None:
        image = image_at(self.comfy, self.wire, self.folder, **{**PICTURES, **self.options})
        video = video_at(self.comfy, self.wire, self.folder, **{**FILMS, **self.options})
        self.chains = {
            "image": Chain("image", [Candidate(image)], QUICK),
            "video": Chain("video", [Candidate(video)], QUICK),
        }

    @property
    def shelf(self) -> Shelf:
        """Where works lie."""
        return Shelf(self.folder / "outgoing")

    @property
    def timing(self) -> Timing:
        """Who measures."""
        return Timing(Paces(self.ground.database), self.chains)

    def task(self, name: str) -> Make:
        """The task of this name."""
        skill, ground = POOLS[name], self.ground
        finds = Finds(self.sender, self.shelf)
        making = Making(
            self.chains[skill],
            (lambda one, commission: one.draw(commission))
            if skill == "image"
            else (lambda one, commission: one.film(commission)),
            Starts(finds, self.opener),
            Translator(self.chat),
            ground.jobs,
            ME,
            lambda _most: next(self.numbers),
            time.monotonic,
            lambda: self.stops,
        )
        presenter = (
            Pictures(self.opener, self.shelf, lambda _: {}, lambda: True)
            if skill == "image"
            else Films(Finisher(Ffmpeg()), self.shelf, lambda _: {}, lambda _: 6.0)
        )
        rooms = Workrooms(self.folder / "work")
        return Make(making, presenter, rooms, self.timing, ground.words)

    async def ordered(self, task: str, text: str, *files: Attachment) -> Job:
        """An order that is being worked on, with its place in the ledger."""
        said = self.ground.talk.shows("F1", text) if files else self.ground.talk.says(text)
        entry: NewJob = studio().order(task, said, f"m{said.message}")
        await self.ground.jobs.add([entry])
        return await self.claimed(task)

    async def claimed(self, task: str) -> Job:
        """The next job of a task, begun."""
        [job] = await self.ground.jobs.claim({POOLS[task]: 1}, ME)
        return job

    async def steps(self, job: Job) -> list[Step]:
        """All that the task says."""
        async with aclosing(self.task(job.task).run(job)) as steps:
            return [step async for step in steps]

    async def end(self, job: Job) -> Answer:
        """The answer of the task, with which the job ends."""
        *_, answer = await self.steps(job)
        assert isinstance(answer, Answer)
        await self.close(job, answer)
        return answer

    async def close(self, job: Job, answer: Answer) -> None:
        """End the job as the worker does."""
        ending = Ending(job.id, ME, State.DONE, spent=answer.spent, kept=answer.kept)
        await self.ground.jobs.finish(ending)

    async def used(self, task: str) -> Standing:
        """What person 1 has used up."""
        return await Quotas(self.ground.database).standing(1, POOLS[task], DAY)

    def left(self) -> list[str]:
        """The files that are left of the work."""
        return [one.name for one in (self.folder / "work").rglob("*") if one.is_file()]


def shares(steps: list[Step]) -> list[float]:
    """How far the work was seen to be."""
    told = (step.share for step in steps if isinstance(step, Progress))
    return [share for share in told if share is not None]


@asynccontextmanager
async def atelier(
    ground: Ground, wire: Wire, folder: Path, chat: Chain[ChatModel] | None = None, **options: Any
) -> AsyncIterator[Atelier]:
    """An atelier while the block runs; without a chat model nobody translates."""
    opener = Opener()
    try:
        async with FakeComfy() as comfy:
            yield Atelier(ground, comfy, wire, folder, opener, chat or Chain("chat", []), options)
    finally:
        await opener.aclose()
