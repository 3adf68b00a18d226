"""Eyes: the pictures of a job are fetched, made ready, and shown to a model that sees."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from typing import Any

from domain.answers import Phase
from domain.errors import TooBig, Unsupported
from domain.jobs import Job
from domain.messages import VISIBLE
from domain.pictures import Picture
from domain.routes import Category, Route
from services.budget import Budget
from services.chain import Chain
from services.files import Fetcher, Workrooms
from services.first_piece import closing
from services.opening.opener import Opener
from services.skills import ChatOptions, VisionModel
from services.words import Voice, Words

SKILL = "vision"

MOST = 10
"""Pictures of one question; Telegram's albums have no more."""


@dataclass(slots=True)
class Onlooker:
    """Who looks in the end, and how much it can: known once it has begun to answer."""

    english_only: bool = False
    reads_only: bool = False
    at_once: int = 1

    def is_now(self, backend: object) -> None:
        """Somebody has been asked."""
        told: Any = backend
        self.english_only = bool(getattr(told, "english_only", False))
        self.reads_only = bool(getattr(told, "reads_only", False))
        self.at_once = int(getattr(told, "at_once", 1))


Question = Callable[[Onlooker], Awaitable[str]]
"""What is asked, once it is known who looks."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Shows pictures to the first model that can see; nothing of them stays on the disk."""

    chain: Chain[VisionModel]
    fetcher: Fetcher
    workrooms: Workrooms
    opener: Opener
    budget: Budget
    words: Words

    async def look(
        self, job: Job, question: Question, onlooker: Onlooker, options: ChatOptions
    ) -> AsyncGenerator[str | Phase | int, None]:
        """Yield how many pictures there are, then the answer piece by piece.

        Raises Refused in the person's words, and as a chain does.
        """
        voice = self.words.speak(job.payload.person.language)
        if not self.chain.state():
            text = voice("I cannot look at pictures. Please tell me in words what is on it.")
            raise Unsupported(text)
        with ExitStack() as rooms:
            pictures = await self._ready(job, rooms, voice)
            yield len(pictures)

            async def call(backend: VisionModel) -> AsyncGenerator[str, None]:
                onlooker.is_now(backend)
                asked = await question(onlooker)
                async with closing(backend.look(pictures, asked, options)) as pieces:
                    async for piece in pieces:
                        yield piece

            spent = self.budget.spent(job, SKILL, float(len(pictures)), voice)
            seen = self.chain.phased(Route(Category.VISION), call)
            async with spent, aclosing(seen) as pieces:
                async for piece in pieces:
                    yield piece

    async def _ready(self, job: Job, rooms: ExitStack, voice: Voice) -> Sequence[Picture]:
        """Fetch all pictures, in their order; an album that is too large is refused."""
        shown = [one for one in job.payload.attachments if one.kind in VISIBLE]
        if len(shown) > MOST:
            raise TooBig(voice("These are too many pictures at once: I look at up to {n}.", n=MOST))
        pictures: list[Picture] = []
        for number, one in enumerate(shown):
            room = rooms.enter_context(self.workrooms.open(f"{job.id}-{number}"))
            file = await self.fetcher.fetch(one, room, voice)
            pictures += await self.opener.pictures(file, room, voice, MOST - len(pictures))
        return pictures
