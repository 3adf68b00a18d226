"""/documents: lists what was sent, opens and closes it, and deletes it for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.answers import Button, Reply
from domain.documents import Document, Standing
from domain.jobs import Job
from services.tasks import Quick, Task
from services.words import Voice, Words
from storage.documents import Documents

MOST = 8
"""Documents that are offered: the newest."""

DIGITS = 18
"""The longest number that any database takes."""


@dataclass(frozen=True, slots=True)
class DocumentMenu:
    """A menu that stays where it is; everybody sees and deletes only what they sent there."""

    words: Words
    documents: Documents

    def tasks(self) -> dict[str, Task]:
        """Each by the name under which its jobs are written down."""
        return {"documents": Quick(self.show), "choose_document": Quick(self.choose)}

    async def show(self, job: Job) -> Reply:
        """Offer what there is."""
        voice = self.words.speak(job.payload.person.language)
        found = await self._own(job)
        if not found:
            return Reply(voice("You have sent no documents here. Send one, and I will read it."))
        current = await self.documents.current(job.lane.partition("!")[0])
        rows = list(_rows(found, current, voice))
        return Reply(voice("Which document shall we talk about?"), rows=tuple(rows))

    async def choose(self, job: Job) -> Reply:
        """Open, close or delete, and show the menu anew."""
        what, _, number = job.payload.text.partition(":")[2].partition(".")
        lane = job.lane.partition("!")[0]
        if what == "close":
            await self.documents.choose(lane, None)
        elif number.isdecimal() and len(number) <= DIGITS:
            mine = {one.id for one in await self._own(job)}
            if int(number) in mine:
                await self._obey(what, lane, int(number))
        return await self.show(job)

    async def _obey(self, what: str, lane: str, document: int) -> None:
        if what == "open":
            await self.documents.choose(lane, document)
        elif what == "drop":
            await self.documents.remove(document)

    async def _own(self, job: Job) -> list[Document]:
        said = job.payload
        listed = await self.documents.listed(said.place.chat, said.person.id)
        return [one for one in listed if one.standing is Standing.READY][:MOST]


def _rows(
    found: list[Document], current: Document | None, voice: Voice
) -> Iterator[tuple[Button, ...]]:
    for one in found:
        mark = "✓ " if current and current.id == one.id else ""
        name = one.name if len(one.name) <= 40 else f"{one.name[:39]}…"
        yield (
            Button(f"{mark}{name}", f"document:open.{one.id}"),
            Button(voice("Delete"), f"document:drop.{one.id}"),
        )
    if current:
        yield (Button(voice("Talk about something else"), "document:close"),)
