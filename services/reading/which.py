"""Which document somebody means: what they sent, what they reply to, or what they last had."""

from __future__ import annotations

from dataclasses import dataclass

from domain.documents import Document, Standing
from domain.jobs import Job
from domain.messages import Incoming
from storage.documents import Documents
from storage.jobs import Jobs
from storage.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Which:
    """Finds the document of a job; only those of its own chat are ever found by a message."""

    documents: Documents
    jobs: Jobs
    outbox: Outbox

    async def document(self, job: Job) -> Document | None:
        """The one that came with the message, else that of the reply, else the lane's current."""
        said = job.payload
        found = await self._sent(said.place.chat, said.message) or await self._replied(said)
        return found or await self.documents.current(job.lane)

    async def _replied(self, said: Incoming) -> Document | None:
        """The document that a reply is about: it itself, or one that an answer was about."""
        about, chat = said.about, said.place.chat
        if about is None:
            return None
        if not about.ours:
            return await self._sent(chat, about.message)
        answer = await self.outbox.answer_of(chat, about.message)
        stored = await self.jobs.latest(answer) if answer else None
        if stored is None or stored.job.payload.place.chat != chat:
            return None
        first = stored.job.payload
        found = await self._sent(chat, first.message)
        if found is None and first.about and not first.about.ours:
            return await self._sent(chat, first.about.message)
        return found

    async def _sent(self, chat: int, message: int) -> Document | None:
        found = await self.documents.find(chat, message)
        return found if found and found.standing is not Standing.REMOVED else None
