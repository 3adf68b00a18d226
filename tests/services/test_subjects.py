"""What a question is about: the last picture, the one replied to, or the document spoken of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from domain.documents import DocumentKind, Origin, Outline, Page
from domain.jobs import Job
from domain.messages import Attachment, Incoming, Kind, Quote, Role
from services.chain import Chain
from services.subjects import Subjects, asks
from services.tasks import Onward
from storage.documents import Documents, NewDocument
from storage.jobs import Said
from tests.services.ground import Ground

CAT = Attachment(Kind.PHOTO, "cat", "image/jpeg", 1)
SAID = (Said(Role.USER, "[picture]", 1), Said(Role.ASSISTANT, "A cat.", 1))


@dataclass(slots=True)
class Talk:
    """Somebody who has shown a picture, and what they ask then."""

    ground: Ground
    subjects: Subjects
    lanes: int = 0

    async def shown(self) -> Job:
        """A picture that was described, in message 100."""
        said = replace(self.ground.talk.says(), attachments=(CAT,))
        return await self.ground.answered(said, 100, task="look", pool="vision", turns=SAID)

    async def goes_on(self, said: Incoming) -> Onward | None:
        """What a question of the chat goes on as; earlier ones may still be under way."""
        self.lanes += 1
        job = replace(await self.ground.begun(said, lane=f"lane {self.lanes}"), lane="1")
        history = await self.ground.conversations.history(job.lane, job.answer)
        return await self.subjects.of(job, history)

    def says(self, text: str, about: Quote | None = None) -> Incoming:
        """A question."""
        return replace(self.ground.talk.says(text), about=about)


@pytest.fixture
def talk(ground: Ground) -> Talk:
    """Subjects over the ground."""
    documents = Documents(ground.database, ground.clock)
    subjects = Subjects(ground.jobs, ground.outbox, documents, Chain("vision", []))
    return Talk(ground, subjects)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("And what colour is it?", True),
        ("Which breed", True),
        ("А какого он цвета", True),
        ("Хто це", True),
        ("Thank you", False),
        ("Tell me a joke.", False),
        ("", False),
        ("👍", False),
    ],
)
def test_a_question_is_told_by_its_looks(text: str, expected: bool) -> None:
    """By its mark, or by the word that it begins with, in three languages."""
    assert expected == asks(text)


async def test_a_question_after_a_picture_is_about_it(talk: Talk) -> None:
    """It is looked at again."""
    await talk.shown()
    onward = await talk.goes_on(talk.says("What colour is it?"))
    assert onward is not None
    assert ("look", "vision", (CAT,)) == (onward.task, onward.pool, onward.payload.attachments)


async def test_a_spoken_question_keeps_its_words(talk: Talk) -> None:
    """What was heard is what is asked about the picture."""
    await talk.shown()
    note = Attachment(Kind.VOICE, "note", "audio/ogg", 1, 1.0, text="What colour is it?")
    onward = await talk.goes_on(replace(talk.says(""), attachments=(note,)))
    assert onward is not None
    assert ("What colour is it?", (CAT,)) == (onward.payload.text, onward.payload.attachments)


async def test_what_is_no_question_is_about_nothing(talk: Talk) -> None:
    """Thanks are not looked at."""
    await talk.shown()
    assert await talk.goes_on(talk.says("Thank you.")) is None


async def test_a_reply_is_about_what_it_replies_to(talk: Talk) -> None:
    """However long ago that was, and however it is put."""
    await talk.shown()
    await talk.ground.answered(talk.says("Hm."), 101)
    onward = await talk.goes_on(talk.says("the tail", Quote(100, "A cat.", ours=True)))
    assert onward is not None
    assert "look" == onward.task
    assert await talk.goes_on(talk.says("what?", Quote(101, "Hm.", ours=True))) is None


async def test_a_document_that_is_spoken_of_is_asked(talk: Talk) -> None:
    """Until it is closed or deleted."""
    outline = Outline(DocumentKind.PDF, 1)
    new = NewDocument(1, 1, Origin("1", 5, "F1"), "a.pdf", outline)
    documents = talk.subjects.documents
    number = await documents.add(new)
    await documents.put_pages(number, [Page(1, "Some text.")])
    await documents.finish(number)
    await documents.choose("1", number)
    onward = await talk.goes_on(talk.says("Go on."))
    assert onward is not None
    assert "ask_document" == onward.task
    await documents.remove(number)
    assert await talk.goes_on(talk.says("Go on.")) is None


async def test_what_is_written_to_a_locked_document_is_its_password(talk: Talk) -> None:
    """Once."""
    letter = Attachment(Kind.DOCUMENT, "F1", "application/pdf", 1)
    talk.subjects.locked["1"] = replace(talk.says(""), attachments=(letter,))
    onward = await talk.goes_on(talk.says("swordfish"))
    assert onward is not None
    assert ("read", "swordfish") == (onward.task, onward.payload.text)
    assert (letter,) == onward.payload.attachments
    assert {} == talk.subjects.locked
