"""What it takes to summarise 300 pages with a model that answers eight at a time, in 0.5 s each.

The measure is the time that the model alone needs for as many questions: calls / 8 x 0.5 s.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.children import server
from benchmarks.clerk import SECONDS
from benchmarks.figures import OURS, Claim, median
from benchmarks.scene import Scenes
from benchmarks.sheet import Round, Sheet
from domain.documents import Document, DocumentKind, Origin, Outline, Page
from services.backends.ollama import OllamaChat
from services.candidates import Candidate
from services.chain import Chain
from services.reading.steps import Gathered, Wanted
from services.reading.summaries import Summaries
from services.reading.writing import Writer
from services.skills import ChatModel
from services.wire import Wire
from services.words import Words
from storage.database import Database
from storage.documents import Documents, NewDocument
from storage.migrate import migrate

CLAIMS = (
    Claim("a summary of 300 pages", "summary", median, "s"),
    Claim("the same, in times of what the model needs for it", "times", median, "x", 1.3),
    Claim("another length of it", "again", median, "s"),
    Claim("questions asked twice after a crash in the middle", "repeated", max, "", 8),
)
ROUNDS, PAGES, QUICK_PAGES = 3, 300, 60
SLOTS = 8
BUDGET = 3072
"""What a model reads under the settings that nobody has changed."""

_LINE = "The keeper of hive {n} wrote down what the bees did, and what it was worth to him. "


@dataclass(slots=True)
class _Library:
    documents: Documents
    model: aiohttp.ClientSession
    summaries: Summaries
    words: Words
    count: int = 0

    async def shelved(self, pages: int) -> Document:
        """A document that nobody has read yet."""
        self.count += 1
        outline = Outline(DocumentKind.PDF, pages)
        new = NewDocument(1, 1, Origin("1", self.count), "book.pdf", outline)
        number = await self.documents.add(new)
        text = [
            Page(n, f"Book {self.count}. {_LINE.format(n=n) * 24}") for n in range(1, pages + 1)
        ]
        await self.documents.put_pages(number, text)
        document = await self.documents.get(number)
        assert document
        return document

    async def read(self, document: Document, until: float = 2.0) -> float:
        """Summarise it, or stop when such a share of it was read; the seconds that it took."""
        began = time.monotonic()
        wanted = Wanted(document, self.words.speak("en"))
        async with aclosing(self.summaries.summarise(wanted)) as steps:
            async for step in steps:
                if isinstance(step, Gathered) and step.share >= until:
                    break
        return time.monotonic() - began

    async def asked(self) -> int:
        """How many questions the model has had."""
        async with self.model.get("/count") as answer:
            return int(await answer.json())


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Read a book, read it again in another length; read another one, with a crash."""
    pages = QUICK_PAGES if sheet.quick else PAGES
    async with _library(scenes.folder / "summaries.db") as library:
        for one in sheet.several(ROUNDS):
            whole = await _whole(library, one, pages)
            document = await library.shelved(pages)
            before = await library.asked()
            await library.read(document, until=0.5)
            await library.read(document)
            one.samples[OURS]["repeated"].append(await library.asked() - before - whole)


async def _whole(library: _Library, one: Round, pages: int) -> int:
    """Measure an undisturbed summary; gives the number of its questions."""
    document = await library.shelved(pages)
    before = await library.asked()
    seconds = await library.read(document)
    calls = await library.asked() - before
    one.samples[OURS]["summary"].append(seconds)
    one.samples[OURS]["times"].append(seconds / (calls / SLOTS * SECONDS))
    one.samples[OURS]["again"].append(await library.read(document))
    return calls


@asynccontextmanager
async def _library(file: Path) -> AsyncIterator[_Library]:
    migrate(f"sqlite:///{file}")
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(await Database.open(f"sqlite:///{file}"))
        url = await stack.enter_async_context(server("benchmarks.clerk"))
        client = aiohttp.ClientSession(url, trust_env=False)
        await stack.enter_async_context(client)
        wire = Wire()
        stack.push_async_callback(wire.aclose)
        backend: ChatModel = OllamaChat(wire, url)
        chain = Chain("chat", [Candidate(backend, SLOTS)])
        await stack.enter_async_context(chain)
        documents = Documents(database)
        summaries = Summaries(Writer(chain, BUDGET), documents)
        yield _Library(documents, client, summaries, Words(file.parent))
