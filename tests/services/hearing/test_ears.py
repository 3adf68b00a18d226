"""Ears: recordings become transcripts, part by part, and what was heard is not heard again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from domain.answers import Phase, Progress
from domain.errors import Broken, NoBackendLeft, QuotaExceeded, TooBig, Unsupported
from domain.messages import Attachment
from services.budget import Allowance
from services.chain import Candidate, Chain
from services.hearing.ears import Heard
from services.hearing.notes import Notes
from services.skills import Transcriber
from services.words import Voice
from tests.fakes.whisper_cpp import length
from tests.services.chained import QUICK
from tests.services.ground import ME, until
from tests.services.hearing.booth import Booth, FromFolder
from tests.services.recordings import tone
from tests.services.sleepers import Sleeper


def by_length(request: Mapping[str, Any]) -> str:
    """What a recording says: how long it is."""
    return f"{length(request['file']):.0f} seconds."


async def test_a_voice_note_is_written_down(booth: Booth) -> None:
    """And nothing of it stays on the disk."""
    job = await booth.begun(booth.says(booth.records("note")))
    [heard] = await booth.heard(job)
    assert ("Hello there.", "en") == (heard.text, heard.language)
    assert [] == booth.left()


@dataclass(slots=True)
class Slow(FromFolder):
    """A fetcher that has not fetched anything before the engine is awake."""

    sleeper: Sleeper = field(default_factory=Sleeper)

    async def fetch(self, attachment: Attachment, into: Path, voice: Voice) -> Path:
        """Wait for it."""
        await until(lambda: bool(self.sleeper.woken))
        return await FromFolder.fetch(self, attachment, into, voice)


async def test_an_engine_that_sleeps_is_woken_while_the_recording_is_fetched(
    booth: Booth,
) -> None:
    """Loading takes seconds, and so may Telegram."""
    sleeper = Sleeper()
    booth.fetcher = Slow(booth.folder, sleeper=sleeper)
    async with Chain[Transcriber]("hear", [Candidate(sleeper)], QUICK) as booth.chain:
        job = await booth.begun(booth.says(booth.records("note")))
        [heard] = await booth.heard(job)
    assert "Hello there." == heard.text
    assert [()] == sleeper.woken


async def test_who_waits_sees_that_somebody_listens(booth: Booth) -> None:
    """From the first moment."""
    job = await booth.begun(booth.says(booth.records("note")))
    first, *_ = await booth.steps(job)
    assert Progress(Phase.LISTENING, "Listening…") == first


async def test_several_recordings_are_heard_in_their_order(booth: Booth) -> None:
    """Each has a transcript of its own."""
    booth.server.script.answer = by_length
    sounds = [booth.records(f"note{seconds}", float(seconds)) for seconds in (3, 1, 2)]
    job = await booth.begun(booth.says(*sounds))
    assert ["3 seconds.", "1 seconds.", "2 seconds."] == [
        one.text for one in await booth.heard(job)
    ]


async def test_a_long_recording_is_heard_in_parts_at_the_same_time(booth: Booth) -> None:
    """As many at once as there are places, shown as a bar, with times from its beginning."""
    booth.part = 10.0
    job = await booth.begun(booth.says(booth.records("talk", 35.0)))
    steps = await booth.steps(job)
    shares = [one.share for one in steps if isinstance(one, Progress) and one.share is not None]
    assert shares == sorted(shares)
    assert 1.0 == shares[-1]
    end = steps[-1]
    assert isinstance(end, Heard)
    starts = [one.start for one in end.transcripts[0].segments]
    assert 4 == len(starts)
    assert starts == sorted(starts)
    assert starts[-1] >= 20
    assert 4 == len(booth.asked())


async def test_what_was_heard_before_a_crash_is_not_heard_again(booth: Booth) -> None:
    """A new start goes on with the parts that are missing."""
    booth.part, booth.server.script.answer = 10.0, by_length
    job = await booth.begun(booth.says(booth.records("talk", 40.0)))
    async with aclosing(booth.ears.listen(job, "")) as steps:
        async for step in steps:
            if isinstance(step, Progress) and step.share:
                break
    before = len(booth.asked())
    await booth.ground.jobs.recover([ME])
    [again] = await booth.ground.jobs.claim({"hear": 1}, ME)
    assert again.checkpoint
    kept = len(Notes.read(again.checkpoint).parts)
    [heard] = await booth.heard(again)
    assert 40 == pytest.approx(sum(int(one.text.split()[0]) for one in heard.segments), abs=3)
    assert before + len(heard.segments) - kept == len(booth.asked())
    assert [] == booth.left()


async def test_a_stop_frees_the_server_and_the_disk(booth: Booth) -> None:
    """Nobody waits for what nobody wants."""
    booth.server.script.first_after = 60.0
    job = await booth.begun(booth.says(booth.records("note")))
    work = asyncio.create_task(booth.steps(job))
    await until(lambda: bool(booth.asked()))
    [request] = booth.asked()
    work.cancel()
    await asyncio.wait({work})
    async with asyncio.timeout(10):
        await request.left.wait()
    assert [] == booth.left()
    assert all(one.free == one.slots for one in booth.chain.state())


async def test_silence_is_not_asked_about(booth: Booth) -> None:
    """A model would only make something up."""
    silence = bytearray(tone(2.0))
    silence[44:] = bytes(len(silence) - 44)
    job = await booth.begun(booth.says(booth.records("silence", bytes(silence))))
    [heard] = await booth.heard(job)
    assert "" == heard.text
    assert [] == booth.asked()


async def test_the_language_that_is_known_is_told(booth: Booth) -> None:
    """Else the server finds it out, and the parts after the first are in that."""
    await booth.heard(await booth.begun(booth.says(booth.records("note"))), "uk")
    assert "uk" == booth.asked()[-1].body["language"]
    booth.part, booth.server.language = 10.0, "russian"
    await booth.heard(await booth.begun(booth.says(booth.records("talk", 45.0), chat=2)))
    languages = [one.body["language"] for one in booth.asked()[1:]]
    assert "auto" == languages[0]
    assert "ru" == languages[-1]


async def test_what_is_too_long_is_refused_before_it_is_fetched(booth: Booth) -> None:
    """Telegram says how long a recording is."""
    booth.longest = 60.0
    job = await booth.begun(booth.says(booth.records("a", 31.0), booth.records("b", 30.0)))
    with pytest.raises(TooBig, match=r"I take up to 1 minute;"):
        await booth.heard(job)
    assert [] == booth.fetcher.fetched


@pytest.mark.parametrize(
    ("body", "error"), [(b"%PDF-1.7 no sound", Unsupported), (b"", Broken), (b"OggS", Broken)]
)
async def test_what_is_no_recording_is_refused_with_its_reason(
    booth: Booth, body: bytes, error: type[Exception]
) -> None:
    """Nothing stays, and nobody is charged."""
    job = await booth.begun(booth.says(booth.records("note.ogg", body)))
    with pytest.raises(error):
        await booth.heard(job)
    assert [] == booth.left()
    assert 0 == await booth.ears.budget.ledger.used(1, "hear", "1970-01-12")


async def test_a_day_has_only_so_many_minutes(booth: Booth) -> None:
    """What was listened to counts, what failed does not."""
    booth.allowances = {"hear": Allowance(amount=3.0)}
    await booth.heard(await booth.begun(booth.says(booth.records("a", 2.0))))
    job = await booth.begun(booth.says(booth.records("b", 2.0)), lane="another")
    with pytest.raises(QuotaExceeded, match="0 minutes"):
        await booth.heard(job)
    await booth.heard(await booth.begun(booth.says(booth.records("c", 1.0)), lane="a third"))
    other = await booth.begun(booth.says(booth.records("d", 3.0), chat=2))
    assert "Hello there." == (await booth.heard(other))[0].text


async def test_where_the_owner_has_no_ears_it_is_said_at_once(booth: Booth) -> None:
    """There is nobody to wait for."""
    booth.chain = Chain("hear", [])
    job = await booth.begun(booth.says(booth.records("a", 2.0)))
    with pytest.raises(Unsupported, match="Please write to me instead"):
        await booth.heard(job)


async def test_where_nobody_can_hear_the_seconds_are_given_back(booth: Booth) -> None:
    """The job goes back in line, and begins anew."""
    booth.allowances = {"hear": Allowance(amount=3.0)}
    await booth.server.stop()
    job = await booth.begun(booth.says(booth.records("a", 2.0)))
    with pytest.raises(NoBackendLeft):
        await booth.heard(job)
    await booth.server.start()
    await until(lambda: all(one.health.up for one in booth.chain.state()))
    assert "Hello there." == (await booth.heard(job))[0].text
