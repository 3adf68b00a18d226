"""How long it takes to find a passage in ten thousand pages, by its words and by its meaning.

The baseline looks for each word of the same question with LIKE in the pages as they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from array import array
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiosqlite

from benchmarks.figures import NAIVE, OURS, Claim, median, share
from benchmarks.scene import Scenes
from benchmarks.sheet import Round, Sheet
from domain.documents import DocumentKind, InChat, InDocument, Origin, Outline, Page
from storage.database import Database
from storage.documents import Documents, NewDocument, NewVectors

CLAIMS = (
    Claim("a question to 10 000 pages, p50", "rare", median, "ms", target=30),
    Claim("one of common words only, p50", "common", median, "ms", target=30),
    Claim("one of both, p50", "mixed", median, "ms", target=30),
    Claim("a question to one document of 300 pages, p50", "document", median, "ms", target=30),
    Claim("10 000 passages of 384 numbers by meaning, p50", "meaning", median, "ms"),
    Claim("the event loop held meanwhile, at most", "held", max, "ms", target=20),
    Claim("500 pages stored", "stored", median, "s"),
    Claim("somebody else's write meanwhile, p99", "between", share(99), "ms"),
)
ROUNDS, QUESTIONS = 3, 15
BOOKS, PAGES, QUICK = 33, 303, 3  # documents, and pages of each
WORDS, VOCABULARY = 330, 30_000  # of a page, of the language
NUMBERS, LEARNED = 384, 10_000
MODEL, CHAT = "embedder", -5

_LIKE = "(text LIKE ?)"


@dataclass(frozen=True, slots=True)
class Language:
    """Words of which some are common and most are rare, as in any language."""

    words: Sequence[str]
    weights: Sequence[float]
    chance: random.Random

    @classmethod
    def invented(cls) -> Language:
        """The same one each time."""
        chance = random.Random(1)
        letters = "абвгдежзиклмнопрстуфхцчшэюя"
        made: dict[str, None] = {}
        while len(made) < VOCABULARY:
            made["".join(chance.choices(letters, k=chance.randint(4, 10)))] = None
        weights = list(itertools.accumulate(1 / (rank + 20) for rank in range(VOCABULARY)))
        return cls(list(made), weights, chance)

    def page(self, number: int) -> Page:
        """A page of sentences."""
        words = self.chance.choices(self.words, cum_weights=self.weights, k=WORDS)
        sentences = (" ".join(words[at : at + 12]) for at in range(0, WORDS, 12))
        return Page(number, ". ".join(sentences))

    def question(self, *ranks: tuple[int, int]) -> list[str]:
        """Words that are as rare as their ranks."""
        return [self.words[self.chance.randrange(*rank)] for rank in ranks]


RARE, COMMON = (2_000, 20_000), (0, 100)
QUESTIONS_OF = {"rare": [RARE] * 4, "common": [COMMON] * 4, "mixed": [RARE, RARE, COMMON, COMMON]}


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """A library in a file on this machine's disk, and the questions of its readers."""
    language, file = Language.invented(), scenes.folder / "library.db"
    async with await Database.open(f"sqlite:///{file}", durable=False) as database:
        documents = Documents(database)
        books = [
            await _book(documents, language, number + 1)
            for number in range(QUICK if sheet.quick else BOOKS)
        ]
        await _learn(documents, books, 300 if sheet.quick else LEARNED)
        for number, one in enumerate(sheet.several(ROUNDS)):
            asked = {
                kind: [language.question(*ranks) for _ in range(3 if sheet.quick else QUESTIONS)]
                for kind, ranks in QUESTIONS_OF.items()
            }
            with _held(one):
                await _ours(documents, books, asked, one)
            await _naive(file, asked, one)
            await _storing(documents, language, 1000 + number, one)


async def _book(documents: Documents, language: Language, message: int) -> int:
    outline = Outline(DocumentKind.PDF, PAGES)
    book = await documents.add(NewDocument(1, CHAT, Origin("-5", message), "book.pdf", outline))
    await documents.put_pages(book, [language.page(number + 1) for number in range(PAGES)])
    await documents.finish(book)
    return book


async def _learn(documents: Documents, books: Sequence[int], most: int) -> None:
    chance, left = random.Random(2), most
    for book in books:
        found = await documents.without_vectors(book, MODEL, left)
        vectors = {one.id: _vector(chance) for one in found}
        left -= await documents.put_vectors(NewVectors(book, MODEL, vectors))


def _vector(chance: random.Random) -> bytes:
    return array("f", (chance.gauss(0, 1) for _ in range(NUMBERS))).tobytes()


async def _ours(
    documents: Documents, books: Sequence[int], asked: dict[str, list[list[str]]], one: Round
) -> None:
    samples, chance = one.samples[OURS], random.Random(3)
    for kind, questions in asked.items():
        for words in questions:
            question = " ".join(words)
            samples[kind].append(await _timed(documents.search(InChat(CHAT), question)))
    for words in asked["mixed"]:
        book = InDocument(chance.choice(books))
        samples["document"].append(await _timed(documents.search(book, " ".join(words))))
        found = documents.nearest(InChat(CHAT), MODEL, _vector(chance))
        samples["meaning"].append(await _timed(found))


async def _naive(file: Path, asked: dict[str, list[list[str]]], one: Round) -> None:
    async with aiosqlite.connect(file) as database:

        async def look(words: Sequence[str]) -> None:
            any_of, count = (sign.join([_LIKE] * len(words)) for sign in (" OR ", " + "))
            wanted = f"SELECT number FROM pages WHERE {any_of} ORDER BY {count} DESC LIMIT 8"  # noqa: S608
            values = [f"%{word}%" for word in words]
            await (await database.execute(wanted, values * 2)).fetchall()

        for kind, questions in asked.items():
            one.samples[NAIVE][kind] += [await _timed(look(words)) for words in questions[:3]]


async def _storing(documents: Documents, language: Language, message: int, one: Round) -> None:
    """Store a long document while somebody else writes something small again and again."""
    outline = Outline(DocumentKind.PDF, 500)
    origin = Origin("-6", message)
    book = await documents.add(NewDocument(1, -6, origin, "long.pdf", outline))
    pages = [language.page(number + 1) for number in range(500)]
    began = time.monotonic()
    storing = asyncio.create_task(documents.put_pages(book, pages), name="storing a book")
    while not storing.done():
        one.samples[OURS]["between"].append(await _timed(documents.choose("-7", book)))
        await asyncio.sleep(0.002)
    assert await storing
    one.samples[OURS]["stored"].append(time.monotonic() - began)
    await documents.remove(book)


@contextlib.contextmanager
def _held(one: Round) -> Iterator[None]:
    """Note the longest time for which the loop let nobody else run."""
    longest, pause = 0.0, 0.001

    async def watch() -> None:
        nonlocal longest
        while True:
            began = time.monotonic()
            await asyncio.sleep(pause)
            longest = max(longest, time.monotonic() - began - pause)

    watching = asyncio.create_task(watch(), name="watching the loop")
    try:
        yield
    finally:
        watching.cancel()
        one.samples[OURS]["held"].append(longest * 1000)


async def _timed(work: Awaitable[object]) -> float:
    began = time.monotonic()
    await work
    return (time.monotonic() - began) * 1000
