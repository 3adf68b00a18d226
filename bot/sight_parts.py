"""The parts that see and read, and what each is made of."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from bot.basics import Basics
from bot.grounds import Chains
from services.context import Context
from services.document_menu import DocumentMenu
from services.links import Links
from services.opening.limits import Limits
from services.opening.opener import Opener
from services.places import Desks
from services.reading.answers import Answers
from services.reading.meaning import Meanings
from services.reading.passages import Finder
from services.reading.scans import Scans
from services.reading.summaries import Summaries
from services.reading.taking import Read
from services.reading.tasks import AskDocument, Summarise, Table
from services.reading.which import Which
from services.reading.writing import Writer
from services.seeing.eyes import Eyes
from services.seeing.look import Look
from services.seeing.retelling import Retelling
from services.subjects import Subjects
from services.tasks import Task


class SightParts:
    """Each is made of others when it is first asked for."""

    def __init__(self, basics: Basics, chains: Chains) -> None:
        self.basics = basics
        self.chains = chains

    @cached_property
    def opener(self) -> Opener:
        """Who opens what strangers sent."""
        most = self.basics.config.documents
        limits = Limits(
            bytes=most.megabytes << 20,
            pages=most.pages,
            characters=most.characters,
            pixels=most.megapixels * 1_000_000,
            seconds=most.seconds,
        )
        return Opener(limits)

    @cached_property
    def meaning(self) -> Meanings:
        """Who finds passages by what they mean, where an embedding model is configured."""
        return Meanings(self.basics.documents, self.chains.embed)

    @cached_property
    def desks(self) -> Desks:
        """How many documents are opened at a time."""
        return Desks(self.opener.slots)

    @cached_property
    def subjects(self) -> Subjects:
        """Who knows what a question is about."""
        basics = self.basics
        return Subjects(
            basics.jobs,
            basics.outbox,
            basics.documents,
            self.chains.vision,
            self._read.locked,
        )

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The kinds of work that have to do with pictures and documents, by their names."""
        basics = self.basics
        return {
            "look": self._look,
            "read": self._read,
            **self._readers(),
            **DocumentMenu(basics.words, basics.documents).tasks(),
        }

    @property
    def _look(self) -> Look:
        basics, answers = self.basics, self.basics.config.answers
        eyes = Eyes(
            self.chains.vision,
            basics.fetcher,
            basics.workrooms,
            self.opener,
            basics.budget,
            basics.words,
        )
        retelling = Retelling(self.chains.chat, answers.max_tokens)
        return Look(eyes, retelling, basics.words, answers.max_tokens)

    @cached_property
    def _read(self) -> Read:
        basics = self.basics
        return Read(
            self._links,
            basics.workrooms,
            self.opener,
            Scans(self.chains.vision, self.opener),
            basics.documents,
            basics.budget,
            basics.words,
        )

    @property
    def _links(self) -> Links:
        """Who brings documents, and pages where the owner allows it."""
        documents = self.basics.config.documents
        if not documents.fetch_links:
            return Links(self.basics.fetcher)
        # importing httpx takes 0.2 s, which only who opens links has to pay
        from services.visits import Visits  # noqa: PLC0415

        return Links(self.basics.fetcher, Visits(documents.megabytes << 20))

    @property
    def _finder(self) -> Finder:
        meaning = self.meaning if self.basics.config.embed else None
        return Finder(self.basics.documents, meaning)

    def _readers(self) -> dict[str, Task]:
        """Those who make something of what was read."""
        basics, answers = self.basics, self.basics.config.answers
        budget = answers.context_tokens - answers.max_tokens
        writer = Writer(self.chains.chat, budget, answers.max_tokens, answers.temperature)
        which = Which(basics.documents, basics.jobs, basics.outbox)
        table = Table(which, basics.words, basics.conversations)
        found = Answers(writer, basics.documents, self._finder)
        context = Context(answers.system_prompt, budget)
        return {
            "summarise": Summarise(table, Summaries(writer, basics.documents)),
            "ask_document": AskDocument(table, found, context, datetime.now),
        }
