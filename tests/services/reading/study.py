"""A study where documents are read: a fake model, a real database, pages that tests make."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from domain.documents import Document, DocumentKind, Origin, Outline, Page
from domain.messages import Role, Turn
from services.backends.ollama import OllamaChat
from services.candidates import Candidate
from services.chain import Chain
from services.context import Context
from services.reading.answers import Answers, Question
from services.reading.orders import Length
from services.reading.passages import Finder, Meaning
from services.reading.steps import ReadingStep, Wanted, Written
from services.reading.summaries import Summaries
from services.reading.tasks import AskDocument, Table
from services.reading.which import Which
from services.reading.writing import Writer
from services.skills import ChatModel
from services.wire import Wire
from storage.documents import Documents, NewDocument
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.serving import Request, Script
from tests.services.chained import QUICK
from tests.services.ground import Ground, until
from tests.services.room import NOW, TinyChat

SENTENCE = "The bees of hive {n} have made {n} pounds of honey."
NOTES, FOLD, SUMMARY = "Take notes on this part", "These are notes on parts", "Summarise it"
_IDS = count(1)


def told(body: Mapping[str, Any]) -> str:
    """All that a model was told."""
    return "\n".join(turn["content"] for turn in body["messages"])


def is_about(body: Mapping[str, Any], order: str) -> bool:
    """Whether this is what the model was told to do."""
    return str(body["messages"][0]["content"]).startswith(order)


def within(body: Mapping[str, Any]) -> str:
    """What stands in the fence."""
    text = told(body)
    found = re.search(r"\n?(=== DOCUMENT [0-9a-f]{12} ===)\n(.*?)\n?\1(?:\n|$)", text, re.DOTALL)
    assert found, "no fence"
    return found[2]


def marks(text: str) -> list[int]:
    """The first pages of all marks."""
    return [int(number) for number in re.findall(r"^\[p\. (\d+)", text, re.MULTILINE)]


def clerk(body: Mapping[str, Any]) -> str:
    """A model that notes the pages of what it read, and says so in the end."""
    pages = marks(within(body))
    if is_about(body, NOTES):
        return " ".join(f"Hive {page} makes honey (p. {page})." for page in pages)
    if is_about(body, FOLD):
        return f"Hives {pages[0]} to {pages[-1]} make honey (p. {pages[0]}, {pages[-1]})."
    return f"All hives make honey [p. {pages[0]}] (p. 99999)."


def pages_of(texts: Iterable[str]) -> list[Page]:
    """Pages numbered from 1."""
    return [Page(number, text) for number, text in enumerate(texts, start=1)]


def report(pages: int, sentences: int = 12) -> list[Page]:
    """A report on bees with so many pages."""
    return pages_of(
        " ".join([SENTENCE.format(n=number)] * sentences) for number in range(1, pages + 1)
    )


@dataclass(slots=True)
class Study:
    """Reads documents with a model that is scripted."""

    ground: Ground
    model: FakeOllama
    chain: Chain[ChatModel]
    documents: Documents
    budget: int = 1000
    meaning: Meaning | None = None

    @property
    def writer(self) -> Writer:
        """Who asks the model."""
        return Writer(self.chain, self.budget, 200)

    @property
    def summaries(self) -> Summaries:
        """What summarises."""
        return Summaries(self.writer, self.documents)

    @property
    def answers(self) -> Answers:
        """What answers questions."""
        return Answers(self.writer, self.documents, Finder(self.documents, self.meaning))

    @property
    def table(self) -> Table:
        """What both tasks work with."""
        ground = self.ground
        which = Which(self.documents, ground.jobs, ground.outbox)
        return Table(which, ground.words, ground.conversations)

    @property
    def ask(self) -> AskDocument:
        """The task that answers."""
        context = Context("You are Hearthbot.", self.budget)
        return AskDocument(self.table, self.answers, context, lambda: NOW)

    async def answer(self, document: Document, text: str, language: str = "en", **more: Any) -> str:
        """The answer to a question about a document."""
        question = Question(text, Turn(Role.SYSTEM, "You are Hearthbot."), **more)
        wanted = self.wanted(document, language=language)
        async with aclosing(self.answers.answer(wanted, question)) as steps:
            *_, end = [step async for step in steps]
        assert isinstance(end, Written)
        return end.text

    async def shelved(
        self, pages: Sequence[Page], kind: DocumentKind = DocumentKind.PDF, **fields: Any
    ) -> Document:
        """A document that was read page by page."""
        message = fields.pop("message", 0) or next(_IDS) + 10**6
        new = {"person": 1, "chat": 1, "name": "report.pdf", **fields}
        outline = Outline(kind, len(pages))
        number = await self.documents.add(
            NewDocument(new["person"], new["chat"], Origin("1", message), new["name"], outline)
        )
        assert await self.documents.put_pages(number, pages)
        await self.documents.finish(number)
        document = await self.documents.get(number)
        assert document
        return document

    def wanted(
        self, document: Document, length: Length = Length.FULL, language: str = "en"
    ) -> Wanted:
        """What somebody wants of it."""
        return Wanted(document, self.ground.words.speak(language), length)

    async def steps(self, wanted: Wanted) -> list[ReadingStep]:
        """All that a summary tells on its way."""
        async with aclosing(self.summaries.summarise(wanted)) as steps:
            return [step async for step in steps]

    def asked(self, order: str = "") -> list[Request]:
        """What the model was asked that begins so."""
        chats = [one for one in self.model.to("/api/chat") if one.body.get("messages")]
        return [one for one in chats if is_about(one.body, order)]


@asynccontextmanager
async def opened(
    ground: Ground, wire: Wire, slots: int = 4, *, tiny: bool = False
) -> AsyncIterator[Study]:
    """A study while the block runs; a `tiny` model only shows that the pipe works."""
    async with FakeOllama(Script(clerk), Models(("m",))) as model:
        kind = TinyChat if tiny else OllamaChat
        backend: ChatModel = kind(wire, model.url, "m", label="Clerk")
        async with Chain("chat", [Candidate(backend, slots)], QUICK) as chain:
            await until(lambda: all(one.models for one in chain.state()))
            yield Study(ground, model, chain, Documents(ground.database, ground.clock))
