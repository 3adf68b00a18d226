"""Making: a sketch goes to the first backend that takes it, and what comes of it is shown."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from domain.answers import Phase, Progress
from domain.drawing import Clip, Glimpse, Settled, Sketch
from domain.jobs import Job
from domain.messages import VISIBLE
from domain.pictures import Picture
from domain.routes import Route
from services.chain import Chain
from services.drawing.sizes import FILMS, PICTURES
from services.drawing.starts import Starts
from services.drawing.tickets import Ticket
from services.drawing.translating import Translator
from services.drawing.wishes import LARGEST_SEED, Wishes, read
from services.skills import Commission
from services.words import Voice
from storage.jobs import Jobs

Made = Settled | Progress | Glimpse | Picture | Clip

Ask = Callable[[Any, Commission], AsyncIterator[Made]]
"""How a backend is asked."""


@dataclass(slots=True)
class Course:
    """How far the making of one job has come; `took` is in seconds, once it is over."""

    wishes: Wishes
    ticket: Ticket
    settled: Settled = field(default_factory=lambda: Settled(Sketch("")))
    results: list[Picture | Clip] = field(default_factory=list)
    taken_up: bool = False
    took: float = 0.0

    @property
    def prompt(self) -> str:
        """What was asked for, in the words of who asked."""
        return self.wishes.prompt


@dataclass(frozen=True, slots=True)
class Making:
    """Has something made by the chain of a skill, and remembers how far that has come.

    `seeds` draws the numbers that make each picture another; `clock` is in seconds. `stopping`
    tells whether the program stops: the next one goes on with what was begun.
    """

    chain: Chain[Any]
    ask: Ask
    starts: Starts
    translator: Translator
    jobs: Jobs
    name: str
    seeds: Callable[[int], int]
    clock: Callable[[], float]
    stopping: Callable[[], bool]

    def course(self, job: Job) -> Course:
        """What is to be made, with what an earlier start of the job had begun."""
        wishes, earlier = read(job.payload.text), Ticket.from_json(job.checkpoint)
        seed = wishes.seed if wishes.seed is not None else self.seeds(LARGEST_SEED)
        ticket = earlier or Ticket(seed)
        return Course(wishes, ticket, taken_up=ticket.begun)

    async def run(
        self, job: Job, course: Course, room: Path, voice: Voice
    ) -> AsyncGenerator[Phase | Made, None]:
        """Yield what is waited for and how far it is; the results are kept in the course."""
        commission = await self._commission(job, course, room, voice)
        began = self.clock()

        def asked(backend: Any) -> AsyncIterator[Made]:
            return self.ask(backend, self._for(backend, commission, job, course))

        async with aclosing(self.chain.phased(Route(), asked)) as made:
            async for one in made:
                if isinstance(one, Settled):
                    began, course.settled = self.clock(), one
                elif isinstance(one, (Picture, Clip)):
                    course.results.append(one)
                yield one
        course.took = self.clock() - began

    def _for(self, backend: Any, one: Commission, job: Job, course: Course) -> Commission:
        """A ticket is good only at the backend that wrote it."""
        remember = partial(self._remember, job, course, backend.label)
        mine = course.ticket.backend == backend.label
        return replace(one, remember=remember, ticket=course.ticket.words if mine else "")

    async def _remember(self, job: Job, course: Course, backend: str, words: str) -> None:
        course.ticket = Ticket(course.ticket.seed, backend, words)
        await self.jobs.save(job.id, self.name, course.ticket.to_json())

    async def _commission(self, job: Job, course: Course, room: Path, voice: Voice) -> Commission:
        wishes = course.wishes
        shown = [one for one in job.payload.attachments if one.kind in VISIBLE]
        start = await self.starts.ready(shown[0], room, voice) if shown else None
        width, height = (FILMS if job.task == "film" else PICTURES)[wishes.shape]
        sketch = Sketch(
            wishes.prompt,
            course.ticket.seed,
            width,
            height,
            wishes.seconds,
            start.path if start else None,
        )
        style = wishes.style or (self._enlarging() if wishes.larger else "")

        async def unremembered(_words: str) -> None:
            """Nobody has been asked yet."""

        wanted = Commission(
            sketch,
            room,
            unremembered,
            partial(_same, wishes.prompt),
            style,
            returns=self.stopping,
        )
        if self._wants_english(wanted):
            # before a card is taken: the model that translates may be on the same
            english = await self.translator.english(wishes.prompt)
            wanted = replace(wanted, in_english=partial(_same, english))
        return wanted

    def _wants_english(self, commission: Commission) -> bool:
        if not self.translator.foreign(commission.sketch.prompt):
            return False
        return any(_wants_english(one, commission) for one in self.chain.backends())

    def _enlarging(self) -> str:
        """The graph that enlarges, by its name; empty where there is none."""
        names = (getattr(one, "enlarging", "") for one in self.chain.backends())
        return next((name for name in names if name), "")


async def _same(prompt: str) -> str:
    return prompt


def _wants_english(backend: Any, commission: Commission) -> bool:
    """Some understand nothing else, some only with some graphs."""
    asked = getattr(backend, "wants_english", None)
    return bool(asked(commission) if asked else getattr(backend, "english_only", False))
