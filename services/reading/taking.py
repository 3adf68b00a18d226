"""The first stage of a document: it is opened, its pages are stored, then the job goes on."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from domain.answers import Phase, Progress, Reply
from domain.documents import Document, DocumentKind, Origin, Outline, Page, Standing
from domain.errors import PasswordNeeded
from domain.jobs import Job
from domain.links import is_link
from domain.messages import Attachment, Incoming, Kind
from services.budget import Budget
from services.files import Fetcher, Workrooms
from services.opening.names import clean_name, page_name
from services.opening.opener import Opener
from services.reading.scans import Scan, Scans
from services.tasks import Answer, Onward, Step
from services.words import Voice, Words
from storage.documents import Documents, NewDocument

SKILL = "vision"
PORTION = 20
"""Pages that are stored at a time."""


@dataclass(slots=True)
class Opened:
    """A document on its way into the memory; `blank` are the pages that have no text yet."""

    document: Document
    scan: Scan
    question: str
    blank: list[int] = field(default_factory=list)
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """Stores what a document says, page by page; a new start goes on where the last one was.

    `locked` are the documents, by lane, that wait for a password.
    """

    fetcher: Fetcher
    workrooms: Workrooms
    opener: Opener
    scans: Scans
    documents: Documents
    budget: Budget
    words: Words
    locked: dict[str, Incoming] = field(default_factory=dict)

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Read it, or find that it was read, and hand the question on."""
        voice = self.words.speak(job.payload.person.language)
        known = await self.documents.find(job.payload.place.chat, origin(job.payload))
        if known is not None and known.standing is Standing.READY:
            yield await self._onward(job, known, job.payload.text)
            return
        yield Progress(Phase.READING, voice("Opening the document…"))
        with self.workrooms.open(str(job.id)) as room:
            sent = document_of(job.payload)
            file = await self.fetcher.fetch(sent, room, voice)
            outline, password = await self._outline(job, Scan(file, room), voice)
            document = await self._kept(job, sent, outline)
            question = "" if password else job.payload.text
            opened = Opened(document, Scan(file, room, password), question)
            spent = self.budget.spent(job, SKILL, float(max(outline.pages, 1)), voice)
            async with spent, aclosing(self._stored(opened, voice)) as steps:
                async for step in steps:
                    yield step
        yield await self._finished(job, opened, voice)

    def stopped(self, job: Job, shown: str) -> Answer:  # noqa: ARG002 - the contract of a Task
        """Nothing was answered yet."""
        voice = self.words.speak(job.payload.person.language)
        return Answer(Reply(voice("Stopped."), plain=True))

    async def _outline(self, job: Job, scan: Scan, voice: Voice) -> tuple[Outline, str]:
        """What it is, and the password where one was needed: what was written with it, or none."""
        name, written = document_of(job.payload).name, job.payload.text.strip()
        try:
            return await self.opener.outline(scan.file, name, voice), ""
        except PasswordNeeded:
            self.locked[job.lane] = replace(job.payload, text="")
            if not written:
                raise
        outline = await self.opener.outline(scan.file, name, voice, written)
        self.locked.pop(job.lane, None)
        return outline, written

    async def _kept(self, job: Job, sent: Attachment, outline: Outline) -> Document:
        said = job.payload
        where = Origin(job.lane, origin(said), sent.ref)
        name = page_name(sent.ref) if is_link(sent.ref) else clean_name(sent.name)
        new = NewDocument(said.person.id, said.place.chat, where, name, outline)
        found = await self.documents.get(await self.documents.add(new))
        if found is None:
            raise RuntimeError("a document that was just kept is not there")
        return found

    async def _stored(self, opened: Opened, voice: Voice) -> AsyncGenerator[Progress, None]:
        """Store the pages that have text, then have the others read."""
        async with aclosing(self._with_text(opened, voice)) as steps:
            async for step in steps:
                yield step
        if opened.document.outline.kind is not DocumentKind.PDF or not opened.blank:
            return
        done, all_of_it = 0, len(opened.blank)
        async with aclosing(self.scans.read(opened.scan, opened.blank, voice)) as pages:
            async for page in pages:
                await self.documents.put_pages(opened.document.id, [page])
                opened.characters += len(page.text)
                done += 1
                yield _progress(done, all_of_it, voice)

    async def _with_text(self, opened: Opened, voice: Voice) -> AsyncGenerator[Progress, None]:
        kept = set(await self.documents.stored(opened.document.id))
        scan, outline = opened.scan, opened.document.outline
        portion: list[Page] = []
        pages = self.opener.pages(scan.file, outline, voice, password=scan.password)
        async for page in pages:
            opened.characters += len(page.text)
            if page.number in kept:
                continue
            if not page.text.strip():
                opened.blank.append(page.number)
                continue
            portion.append(page)
            if len(portion) == PORTION:
                await self.documents.put_pages(opened.document.id, portion)
                portion = []
                yield _progress(page.number, outline.pages, voice)
        await self.documents.put_pages(opened.document.id, portion)

    async def _finished(self, job: Job, opened: Opened, voice: Voice) -> Answer | Onward:
        if not opened.characters:
            await self.documents.remove(opened.document.id)
            return Answer(
                Reply(
                    voice(
                        "I found no text in this document. If it was scanned, I need a model "
                        "that reads pictures: see /status."
                    ),
                    plain=True,
                )
            )
        await self.documents.finish(opened.document.id)
        return await self._onward(job, opened.document, opened.question)

    async def _onward(self, job: Job, document: Document, question: str) -> Onward:
        await self.documents.choose(job.lane, document.id)
        task = "ask_document" if question.strip() else "summarise"
        return Onward(task, "chat/default", replace(job.payload, text=question))


def document_of(said: Incoming) -> Attachment:
    """The document of a message; raises ValueError where there is none."""
    found = next((one for one in said.attachments if one.kind is Kind.DOCUMENT), None)
    if found is None:
        raise ValueError("no document came with this job")
    return found


def origin(said: Incoming) -> int:
    """The message that the document came with: the one replied to, else this one."""
    return said.about.message if said.about else said.message


def _progress(done: int, pages: int, voice: Voice) -> Progress:
    share = done / pages if pages else None
    return Progress(Phase.READING, voice("Reading the pages…"), share)
