"""What a question is about: a picture or a document that was spoken of, or one it replies to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from domain.jobs import Job
from domain.messages import VISIBLE, Incoming
from services.chain import Chain
from services.skills import VisionModel
from services.tasks import Onward
from storage.conversations import History
from storage.documents import Documents
from storage.jobs import Jobs
from storage.outbox import Outbox

ASKING = frozenset(
    (
        *("what", "who", "where", "which", "when", "why", "how", "is", "are", "was", "were"),
        *("does", "do", "did", "can", "could", "and"),
        *("что", "кто", "где", "куда", "какой", "какая", "какое", "какие", "каков", "сколько"),
        *("когда", "почему", "зачем", "как", "чей", "это", "есть", "а", "и"),
        *("що", "хто", "де", "куди", "який", "яка", "яке", "які", "скільки", "коли", "чому"),
        *("навіщо", "як", "чий", "чи", "це", "є", "й"),
    )
)
"""Words that a question about something seen begins with."""

READING = frozenset({"summarise", "ask_document"})
"""The tasks whose answers are about a document."""

_FIRST = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Subjects:
    """Finds what a written question is about, so that it is looked at or read again.

    `locked` are the documents, by lane, that wait for their password.
    """

    jobs: Jobs
    outbox: Outbox
    documents: Documents
    chain: Chain[VisionModel]
    locked: dict[str, Incoming] = field(default_factory=dict)

    async def of(self, job: Job, history: History) -> Onward | None:
        """What the job goes on as; None where it is about nothing but what was said."""
        said = job.payload
        if said.heard or not said.attachments:
            locked = self.locked.pop(job.lane, None)
            if locked is not None and not said.about:
                return Onward("read", "read", replace(locked, text=said.text))
            return await self._found(job, history)
        return None

    async def _found(self, job: Job, history: History) -> Onward | None:
        answer = await self._meant(job, history)
        found = await self.jobs.latest(answer) if answer else None
        if found is not None:
            seen = found.job.payload.attachments
            pictures = tuple(one for one in seen if one.kind in VISIBLE)
            if pictures and not self.chain.demonstrates():
                said = replace(job.payload, text=job.payload.whole, attachments=pictures)
                return Onward("look", "vision", said)
        about = job.payload.about
        replied = found is not None and about is not None and found.job.task in READING
        spoken_of = about is None and history.document != 0
        if replied or (spoken_of and await self.documents.current(job.lane)):
            return Onward("ask_document", "chat/default", job.payload)
        return None

    async def _meant(self, job: Job, history: History) -> int | None:
        """The answer that it is about: the one replied to, else the last one, if it is asked of."""
        about = job.payload.about
        if about is not None:
            chat = job.payload.place.chat
            return await self.outbox.answer_of(chat, about.message) if about.ours else None
        last = history.lines[-1:] if asks(job.payload.whole) else ()
        return last[0].answer if last else None


def asks(text: str) -> bool:
    """Whether a text is a question, as far as that can be told by its looks."""
    first = _FIRST.search(text)
    return "?" in text or (first is not None and first[0].lower() in ASKING)
