"""A room where somebody talks with a model, turn by turn."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.jobs import Job, State
from domain.messages import Role
from services.backends.ollama import OllamaChat
from services.categories import Rules
from services.chain import Chain
from services.chat import Chat, Manners
from services.context import Context
from services.hearing.guesses import Guesses
from services.skills import ChatModel
from services.subjects import Subjects
from services.tasks import Answer, Step
from storage.conversations import Line
from storage.documents import Documents
from storage.jobs import Ending, Said
from tests.fakes.ollama import FakeOllama
from tests.services.ground import ME, Ground
from tests.services.voices import speaking, tastes

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SUMMARY = "They spoke of bees."


@dataclass(frozen=True)
class TinyChat(OllamaChat):
    """A model that only shows that the pipe works."""

    demonstration: bool = True


@dataclass(slots=True)
class Room:
    """Where somebody talks with a model, turn by turn."""

    ground: Ground
    model: FakeOllama
    chain: Chain[ChatModel]
    budget: int = 2000
    manners: Manners = field(default_factory=Manners)

    @property
    def chat(self) -> Chat:
        """The task."""
        ground, context = self.ground, Context("You are Hearthbot.", self.budget)
        return Chat(
            self.chain,
            ground.conversations,
            context,
            ground.words,
            self.manners,
            Rules(),
            speaking(ground, Path("nowhere"), Chain("speak", []), usual="off"),
            Guesses(tastes(ground)),
            Subjects(ground.jobs, ground.outbox, Documents(ground.database), Chain("vision", [])),
            lambda: NOW,
        )

    async def steps(self, job: Job) -> list[Step]:
        """All that the task says."""
        async with aclosing(self.chat.run(job)) as steps:
            return [step async for step in steps]

    async def answer(self, text: str, **fields: Any) -> Answer:
        """Ask something and keep it in the conversation."""
        job = await self.ground.begun(self.ground.talk.says(text), **fields)
        *_, end = await self.steps(job)
        assert isinstance(end, Answer)
        await self.ground.jobs.finish(Ending(job.id, ME, State.DONE, turns=end.lines))
        return end

    async def said(self, *lines: str) -> None:
        """Fill the conversation: a question and an answer a line."""
        for line in lines:
            job = await self.ground.begun(self.ground.talk.says(line))
            turns = (Said(Role.USER, line, 1), Said(Role.ASSISTANT, f"On {line}", 1))
            await self.ground.jobs.finish(Ending(job.id, ME, State.DONE, turns=turns))

    def read(self, number: int = -1) -> list[str]:
        """What the model got to read, the system's words aside."""
        return [turn["content"] for turn in self._turns(number)[1:]]

    def system(self, number: int = -1) -> str:
        """What the model was told of itself."""
        return str(self._turns(number)[0]["content"])

    async def lines(self) -> tuple[Line, ...]:
        """What the conversation keeps beyond its summary."""
        return (await self.ground.conversations.history("1")).lines

    def _turns(self, number: int) -> list[dict[str, str]]:
        turns: list[dict[str, str]] = self.model.to("/api/chat")[number].body["messages"]
        return turns
