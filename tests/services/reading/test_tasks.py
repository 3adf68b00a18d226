"""The tasks that read: which document, in which length, and what a stop leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from domain.answers import Phase, Progress
from domain.documents import Document, DocumentKind
from domain.jobs import Job, State, Wish
from domain.messages import Attachment, Incoming, Kind, Quote
from services.reading.remains import MOST, Remains
from services.reading.steps import Gathered
from services.reading.tasks import Summarise
from services.tasks import Answer, Step
from storage.jobs import Ending
from tests.fakes.serving import Script
from tests.services.ground import ME, until
from tests.services.reading.study import NOTES, SUMMARY, Study, is_about, report, told

PAGES = 40


async def shown(steps: AsyncGenerator[Step, None]) -> list[Any]:
    """All that a task says."""
    async with aclosing(steps):
        return [step async for step in steps]


async def sent(study: Study, pages: int = 2, text: str = "", **fields: Any) -> tuple[Job, Document]:
    """Somebody sends a document, which was read; the job that goes on with it."""
    said = study.ground.talk.says(text)
    kind = fields.pop("kind", DocumentKind.PDF)
    document = await study.shelved(report(pages), kind, message=said.message)
    return await study.ground.begun(said, **{"task": "summarise", **fields}), document


async def asked(study: Study, said: Incoming, **fields: Any) -> Answer:
    """What comes of a question about a document."""
    job = await study.ground.begun(said, task="ask_document", **fields)
    *_, end = await shown(study.ask.run(job))
    assert isinstance(end, Answer)
    await study.ground.jobs.finish(Ending(job.id, ME, State.DONE, turns=end.lines))
    return end


def text_of(answer: Answer) -> str:
    """What somebody reads."""
    assert answer.reply
    return answer.reply.text


@pytest.fixture
def task(study: Study) -> Summarise:
    """The task that summarises."""
    return Summarise(study.table, study.summaries)


async def test_a_document_is_summarised(study: Study, task: Summarise) -> None:
    """With buttons for the other lengths, and a line in the conversation."""
    job, _ = await sent(study)
    *_, end = await shown(task.run(job))
    assert "All hives make honey (p. 1)." == text_of(end)
    assert ["short:1", "full:1", "bullets:1"] == [one.act for one in end.reply.rows[0]]
    question, answer = end.lines
    assert "Summarise the document “report.pdf”." == question.text
    assert text_of(end) == answer.text


@pytest.mark.parametrize(
    ("wish", "order"),
    [
        (Wish.SAME, "Summarise it fully"),
        (Wish.FULL, "Summarise it fully"),
        (Wish.SHORT, "Summarise it in three"),
        (Wish.BULLETS, "Summarise it as a list"),
    ],
)
async def test_a_button_says_how_long(
    study: Study, task: Summarise, wish: Wish, order: str
) -> None:
    """The document is that of the answer under which the button stood."""
    job, _ = await sent(study, wish=wish)
    await shown(task.run(job))
    assert is_about(study.asked()[-1].body, order)


async def test_who_waits_sees_the_pages(study: Study, task: Summarise) -> None:
    """With a share, which becomes a bar; then that it is being put together."""
    job, _ = await sent(study, PAGES)
    seen = [one for one in await shown(task.run(job)) if isinstance(one, Progress)]
    assert Progress(Phase.THINKING, "Reading… 0 of 40 pages", 0.0) == seen[0]
    assert Progress(Phase.THINKING, "Putting it together…", 1.0) in seen
    assert any(one.share and 0 < one.share < 1 for one in seen)


async def test_slides_are_no_pages(study: Study, task: Summarise) -> None:
    """They are counted all the same."""
    job, _ = await sent(study, PAGES, kind=DocumentKind.PPTX)
    study.model.script = Script("Honey.")
    first, *_ = await shown(task.run(job))
    assert "Reading… 0 of 40" == first.note


async def test_a_stop_gives_the_notes_so_far(study: Study, task: Summarise) -> None:
    """In their order, and it is said that they are not all."""
    job, _ = await sent(study, PAGES)
    async with aclosing(task.run(job)) as steps:
        async for step in steps:
            if isinstance(step, Progress) and step.share and step.share > 0.3:
                break
    text = text_of(task.stopped(job, ""))
    assert text.startswith("Stopped after ")
    assert "not a summary of all of it" in text
    assert "[p. 1" in text
    assert "Hive 1 makes honey (p. 1)." in text
    assert "Stopped." == text_of(task.stopped(job, ""))


async def test_a_stop_at_once_has_nothing_to_give(study: Study, task: Summarise) -> None:
    """It is said all the same; the button goes on from there later."""
    job, _ = await sent(study, PAGES)
    study.model.script.first_after = 60.0
    work = asyncio.create_task(shown(task.run(job)))
    await until(lambda: len(study.asked(NOTES)) > 0)
    work.cancel()
    await asyncio.wait({work})
    answer = task.stopped(job, "")
    assert "Stopped." == text_of(answer)
    assert answer.reply
    assert 3 == len(answer.reply.rows[0])


async def test_a_stop_while_it_is_written_keeps_what_is_written(
    study: Study, task: Summarise
) -> None:
    """The conversation does, too."""
    job, _ = await sent(study)
    answer = task.stopped(job, "All hives")
    assert "All hives\n\n_Stopped._" == text_of(answer)
    assert "All hives" == answer.lines[1].text


async def test_a_model_that_says_nothing_is_told_of(study: Study, task: Summarise) -> None:
    """And nothing is kept of it."""
    study.model.script = Script("")
    job, _ = await sent(study)
    *_, end = await shown(task.run(job))
    assert text_of(end).startswith("The model had nothing to say")
    assert () == end.lines
    answer = await asked(study, study.ground.talk.says("Why?"), lane="2")
    assert text_of(answer).startswith("Send me a document first")


async def test_without_a_document_one_is_asked_for(study: Study, task: Summarise) -> None:
    """By both tasks, without asking any model."""
    job = await study.ground.begun(study.ground.talk.says("/summarize"), task="summarise")
    [end] = await shown(task.run(job))
    assert "Send me a document first, or reply to one." == text_of(end)
    assert [] == study.asked()


async def test_a_reply_to_a_document_is_about_that(study: Study) -> None:
    """Even where another one is the current one."""
    first = await study.shelved(report(1), message=501)
    other = await study.shelved(report(1), message=502)
    await study.documents.choose("1", other.id)
    said = replace(study.ground.talk.says("How much?"), about=Quote(501, "", ours=False))
    job = await study.ground.begun(said, task="ask_document")
    assert first == await study.table.which.document(job)


async def test_a_reply_to_an_answer_is_about_its_document(study: Study) -> None:
    """The answer that says what is in it, or what was asked about it by a reply."""
    said = study.ground.talk.says()
    document = await study.shelved(report(1), message=said.message)
    await study.ground.answered(said, 700, task="summarise")
    second = replace(study.ground.talk.says("Why?"), about=Quote(said.message, "", ours=False))
    await study.ground.answered(second, 701, task="ask_document")
    for message in (700, 701):
        third = replace(study.ground.talk.says("And?"), about=Quote(message, "", ours=True))
        job = await study.ground.begun(third, task="ask_document", lane=f"lane {message}")
        assert document == await study.table.which.document(job)


async def test_a_question_is_about_the_current_document(study: Study) -> None:
    """Unless it was deleted; nobody else's is ever found."""
    document = await study.shelved(report(1), message=501)
    await study.documents.choose("1", document.id)
    answer = await asked(study, study.ground.talk.says("How much honey?"))
    assert "All hives make honey (p. 1)." == text_of(answer)
    stranger = replace(study.ground.talk.says("How?", chat=2), about=Quote(501, "", ours=False))
    assert text_of(await asked(study, stranger)).startswith("Send me a document first")
    await study.documents.remove(document.id)
    again = replace(study.ground.talk.says("How?"), about=Quote(501, "", ours=False))
    assert text_of(await asked(study, again)).startswith("Send me a document first")


async def test_questions_go_on_from_each_other(study: Study) -> None:
    """What was asked and answered is read with the next one."""
    document = await study.shelved(report(1), message=501)
    await study.documents.choose("1", document.id)
    await asked(study, study.ground.talk.says("How much honey?"))
    await asked(study, study.ground.talk.says("And why?"))
    said = [turn["content"] for turn in study.asked()[-1].body["messages"][1:3]]
    assert ["How much honey?", "All hives make honey (p. 1)."] == said


async def test_a_question_that_is_stopped_keeps_what_is_written(study: Study) -> None:
    """Or says that it was stopped."""
    job = await study.ground.begun(study.ground.talk.says("Why?"), task="ask_document")
    assert "Because\n\n_Stopped._" == text_of(study.ask.stopped(job, "Because"))
    assert "Stopped." == text_of(study.ask.stopped(job, ""))


async def test_a_question_can_be_spoken(study: Study) -> None:
    """What was heard is what is asked; it is shown above the answer, and above its drafts."""
    document = await study.shelved(report(1), message=501)
    await study.documents.choose("1", document.id)
    note = Attachment(Kind.VOICE, "ref", "audio/ogg", 1, text="How much honey?")
    said = replace(study.ground.talk.says(""), attachments=(note,))
    job = await study.ground.begun(said, task="ask_document")
    *_, draft, end = await shown(study.ask.run(job))
    assert told(study.asked()[-1].body).endswith("The question: How much honey?")
    assert ("How much honey?", "How much honey?") == (draft.heard, end.reply.heard)


async def test_a_wish_reaches_the_model(study: Study) -> None:
    """An answer about a document can be shorter, too."""
    document = await study.shelved(report(1), message=501)
    await study.documents.choose("1", document.id)
    await asked(study, study.ground.talk.says("How much?"), wish=Wish.SHORTER)
    assert "much shorter" in told(study.asked()[-1].body)


def test_remains_are_not_kept_for_ever() -> None:
    """Nobody asks for those of a job that was superseded."""
    remains = Remains()
    for job in range(MOST + 1):
        remains.keep(job, Gathered(job, 300, ()))
    assert None is remains.take(0)
    assert Gathered(1, 300, ()) == remains.take(1)
    assert None is remains.take(1)


async def stored(study: Study, document: Document) -> int:
    """How many notes on a document the next start finds."""
    async with aclosing(study.summaries.summarise(study.wanted(document))) as steps:
        first = await anext(steps)
    assert isinstance(first, Gathered)
    return len(first.notes)


async def test_300_pages_survive_two_crashes(study: Study) -> None:
    """Each new start knows nothing but the database, and asks only for what is missing there."""
    job, document = await sent(study, 300)
    for share in (0.3, 0.6):
        async with aclosing(Summarise(study.table, study.summaries).run(job)) as steps:
            async for step in steps:
                if isinstance(step, Progress) and (step.share or 0) > share:
                    break
        await study.ground.jobs.recover([ME])
        [job] = await study.ground.jobs.claim({"chat/default": 1}, ME)
    kept, before = await stored(study, document), len(study.asked(NOTES))
    *_, end = await shown(Summarise(study.table, study.summaries).run(job))
    assert (3, "All hives make honey (p. 1).") == (job.attempts, text_of(end))
    parts, asked = await stored(study, document), len(study.asked(NOTES))
    assert parts - kept == asked - before
    assert parts <= asked <= parts + 2 * 4  # two crashes, four at work in each
    assert 1 == len(study.asked(SUMMARY))
