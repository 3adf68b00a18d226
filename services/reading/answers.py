"""Answers: a question about a document goes to a model with the places that may answer it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from domain.answers import Phase
from domain.documents import Page
from domain.errors import Unsupported
from domain.messages import Turn
from services.reading.chunks import Piece, chunks
from services.reading.citing import cited
from services.reading.extracts import Extracts
from services.reading.fences import fenced
from services.reading.gathering import SLACK, Gatherer, Notes
from services.reading.orders import (
    Excerpt,
    answer_order,
    question_about,
    search_request,
)
from services.reading.passages import Finder, joined, packed
from services.reading.steps import ReadingStep, Wanted
from services.reading.writing import Writer
from services.tokens import estimate
from storage.documents import Documents

WEAK = 0.25
"""A score below which the words of a question may be of another language than the document."""

SAMPLE, SEARCH_WORDS = 300, 60
"""Tokens of a document that show its language, and tokens of words to look for."""

RECALLED = 4
"""What was said before may take one part of so many of what a model reads."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: under which words about the model itself, and after what was said before."""

    text: str
    system: Turn
    lines: tuple[Turn, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a model gets to read of a document, and of which pages that is."""

    seen: Excerpt
    text: str
    pages: frozenset[int]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers questions about documents that are stored."""

    writer: Writer
    documents: Documents
    finder: Finder

    async def answer(self, wanted: Wanted, question: Question) -> AsyncGenerator[ReadingStep, None]:
        """Yield what is waited for, drafts, and the answer; raises Unsupported without any text."""
        pages = await self.documents.pages(wanted.document.id)
        pages = [page for page in pages if page.text.strip()]
        if not pages:
            raise Unsupported(wanted.voice("I found no text in this document."))
        if self.writer.chain.demonstrates():
            yield await Extracts(self.documents).answer(wanted, question.text)
            return
        lines = self._recalled(question)
        room = self._room(wanted, question, lines)
        yield Phase.THINKING
        shown = _whole(wanted, pages)
        if estimate(shown.text) > room:
            shown = await self._passages(wanted, question, pages, room)
        turns = _turns(wanted, question, lines, shown)
        async with aclosing(cited(self.writer, wanted, turns, shown.pages)) as steps:
            async for step in steps:
                yield step

    async def _passages(
        self, wanted: Wanted, question: Question, pages: Sequence[Page], room: int
    ) -> Shown:
        document = wanted.document.id
        found = await self.finder.find(document, question.text, question.before)
        if found.score < WEAK:
            other = await self._other_words(wanted, question, pages)
            found = joined(found, await self.finder.find(document, other))
        if pieces := packed(found.passages, room, wanted.neutral):
            return _shown(wanted, Excerpt.PASSAGES, pieces)
        return await self._overview(wanted, pages, room)

    async def _other_words(self, wanted: Wanted, question: Question, pages: Sequence[Page]) -> str:
        """What to look for instead, in the language of the document."""
        sample = " ".join(piece.text for piece in chunks(pages, SAMPLE)[0].pieces)
        asked = search_request(question.text, fenced(sample))
        return await self.writer.written(wanted.route, asked, SEARCH_WORDS, _unseen)

    async def _overview(self, wanted: Wanted, pages: Sequence[Page], room: int) -> Shown:
        """What a summary has noted, or the beginning where nobody wanted one yet."""
        gatherer = Gatherer(self.writer, self.documents)
        if await gatherer.has(wanted, pages):
            async with aclosing(gatherer.gather(wanted, pages, room)) as steps:
                async for step in steps:
                    if isinstance(step, Notes) and step.parts:
                        return Shown(Excerpt.OVERVIEW, step.text, frozenset(step.pages))
        return _shown(wanted, Excerpt.OVERVIEW, chunks(pages, room)[0].pieces)

    def _recalled(self, question: Question) -> tuple[Turn, ...]:
        """The newest lines that have room."""
        room = self.writer.budget // RECALLED
        for at in range(len(question.lines)):
            if sum(estimate(turn.text) for turn in question.lines[at:]) <= room:
                return question.lines[at:]
        return ()

    def _room(self, wanted: Wanted, question: Question, lines: Sequence[Turn]) -> int:
        nothing = Shown(Excerpt.OVERVIEW, "", frozenset())  # it has the longest order
        beside = _turns(wanted, question, lines, nothing)
        return self.writer.room(wanted.route, beside) - SLACK


def _whole(wanted: Wanted, pages: Sequence[Page]) -> Shown:
    return _shown(wanted, Excerpt.WHOLE, [Piece(page.number, page.text) for page in pages])


def _shown(wanted: Wanted, seen: Excerpt, pieces: Sequence[Piece]) -> Shown:
    return Shown(seen, wanted.neutral.marked(pieces), frozenset(piece.page for piece in pieces))


def _turns(wanted: Wanted, question: Question, lines: Sequence[Turn], shown: Shown) -> list[Turn]:
    order, text = answer_order(shown.seen), fenced(shown.text)
    marks = wanted.neutral.mark(1), wanted.citations.form([1])
    return question_about(text, order, question.text, marks, [question.system, *lines])


def _unseen(_phase: Phase) -> None:
    """Nobody watches."""
