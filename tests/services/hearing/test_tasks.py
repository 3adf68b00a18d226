"""The tasks that listen: one hands a question on, one writes down what was said."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import Any

from domain.answers import Reply
from domain.jobs import Job, Wish
from domain.messages import Incoming
from services.files import Shelf
from services.hearing.words import without_words
from services.tasks import Answer, Onward, Step, Task
from storage.people import VoiceTaste
from tests.services.hearing.booth import Booth


async def end(task: Task, job: Job) -> Step:
    """What a task ends with."""
    async with aclosing(task.run(job)) as steps:
        *_, last = [step async for step in steps]
    return last


async def onward(booth: Booth, said: Incoming, **fields: Any) -> Onward:
    """What a spoken question goes on as."""
    last = await end(booth.hear, await booth.begun(said, **fields))
    assert isinstance(last, Onward)
    return last


async def reply(task: Task, job: Job) -> Reply:
    """What is answered at once."""
    last = await end(task, job)
    assert isinstance(last, Answer)
    assert last.reply is not None
    return last.reply


def acts(reply: Reply) -> list[str]:
    """What the buttons do."""
    return [button.act.partition(":")[0] for row in reply.rows for button in row]


async def test_a_spoken_question_goes_on_as_one_that_was_written(booth: Booth) -> None:
    """What stands under the recording comes first."""
    booth.server.script.answer = "How do bees fly?"
    said = booth.says(booth.records("note"), text="Answer in one word.")
    last = await onward(booth, said)
    assert ("chat", "chat/default") == (last.task, last.pool)
    assert "How do bees fly?" == last.payload.heard
    assert "Answer in one word.\nHow do bees fly?" == last.payload.whole
    assert said == without_words(last.payload)


async def test_what_is_asked_chooses_the_model(booth: Booth) -> None:
    """A short question is a quick one, spoken or written."""
    booth.server.script.answer = "Hi!"
    assert "chat/fast" == (await onward(booth, booth.says(booth.records("note")))).pool


async def test_where_nothing_was_said_it_is_said(booth: Booth) -> None:
    """And perhaps it was another language."""
    booth.server.script.answer = ""
    job = await booth.begun(booth.says(booth.records("note")))
    said = await reply(booth.hear, job)
    assert "I heard no words in this recording." == said.text
    assert ["was_en", "was_ru", "was_uk"] == acts(said)


async def test_the_language_of_a_button_or_of_the_person_is_told(booth: Booth) -> None:
    """A button for this one recording, a choice for all."""
    await booth.tastes.choose(1, VoiceTaste(spoken="ru"))
    await onward(booth, booth.says(booth.records("note")))
    assert "ru" == booth.asked()[-1].body["language"]
    await onward(booth, booth.says(booth.records("note")), lane="2", wish=Wish.UKRAINIAN)
    assert "uk" == booth.asked()[-1].body["language"]


async def test_a_transcript_is_a_message(booth: Booth) -> None:
    """It is shown as it stands, and the conversation keeps it."""
    booth.server.script.answer = "This is a *short* one."
    job = await booth.begun(booth.says(booth.records("note")), task="transcribe")
    last = await end(booth.transcribe, job)
    assert isinstance(last, Answer)
    assert last.reply is not None
    assert ("This is a *short* one.", True) == (last.reply.text, last.reply.plain)
    assert ["was_ru", "was_uk"] == acts(last.reply)
    assert ["This is a *short* one."] == [line.text for line in last.lines]


async def test_a_language_that_was_told_is_not_asked_about(booth: Booth) -> None:
    """Who has chosen one needs no buttons."""
    await booth.tastes.choose(1, VoiceTaste(spoken="en"))
    job = await booth.begun(booth.says(booth.records("note")), task="transcribe")
    assert [] == acts(await reply(booth.transcribe, job))


async def test_a_long_transcript_is_two_files(booth: Booth) -> None:
    """One to read, one for players."""
    booth.server.script.answer = "\n".join(f"This is sentence {number}." for number in range(300))
    job = await booth.begun(booth.says(booth.records("talk", 60.0)), task="transcribe")
    said = await reply(booth.transcribe, job)
    assert ["transcript.txt", "transcript.srt"] == [one.name for one in said.attachments]
    shelf = Shelf(booth.folder / "outgoing")
    text, subtitles = (shelf.path(one.ref).read_text() for one in said.attachments)
    assert text.startswith("[00:00:00] This is sentence 0.\n")
    assert subtitles.startswith("1\n00:00:00,000 --> 00:00:00")
    assert 300 == text.count("sentence")
    assert len(text.encode()) == said.attachments[0].size
    assert [] == booth.left()


async def test_half_a_transcript_is_none(booth: Booth) -> None:
    """Who stops gets that."""
    job = await booth.begun(booth.says(booth.records("note")))
    for task in (booth.hear, booth.transcribe):
        stopped = task.stopped(job, "")
        assert stopped.reply is not None
        assert "Stopped." == stopped.reply.text


async def test_what_was_heard_is_forgotten_where_it_was_heard_wrongly(booth: Booth) -> None:
    """A button that names the language has it heard anew."""
    said = (await onward(booth, booth.says(booth.records("note"), text="Hm?"))).payload
    assert said.heard
    assert "" == without_words(said).heard
    assert replace(said, attachments=()) == replace(without_words(said), attachments=())
