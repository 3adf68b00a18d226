"""Documents for the tests of the memory: made of sentences, stored in one call."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from domain.documents import DocumentKind, Origin, Outline, Page, Passage
from storage.documents import Documents, NewDocument

_messages = count(1)


def new(
    *, chat: int = 1, person: int = 1, message: int = 0, pages: int = 3, name: str = "lease.pdf"
) -> NewDocument:
    """A document that was just opened; without a message, of one that nobody else has."""
    origin = Origin(str(chat), message or next(_messages), f"file-{name}")
    return NewDocument(person, chat, origin, name, Outline(DocumentKind.PDF, pages, "Lease"))


def numbered(*texts: str) -> list[Page]:
    """Pages of these texts, from the first on."""
    return [Page(number, text) for number, text in enumerate(texts, 1)]


async def stored(documents: Documents, *texts: str, chat: int = 1, person: int = 1) -> int:
    """A document with pages of these texts, ready to be asked about."""
    document = await documents.add(new(chat=chat, person=person, pages=len(texts)))
    assert await documents.put_pages(document, numbered(*texts))
    await documents.finish(document)
    return document


def places(found: Sequence[Passage]) -> list[tuple[int, int]]:
    """The documents and pages of passages."""
    return [(one.document, one.page) for one in found]
