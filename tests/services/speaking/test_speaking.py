"""Answers are read aloud while they are written, in the right voice, and never at their cost."""

from __future__ import annotations

import asyncio

import pytest

from domain.speech import Timbre
from services.budget import Allowance
from services.chain import Candidate, Chain
from services.skills import Synthesizer
from storage.people import VoiceTaste
from tests.services.chained import QUICK
from tests.services.ground import until
from tests.services.sleepers import Sleeper
from tests.services.speaking.pulpit import Pulpit

ANSWER = "Bees fly with four wings. They beat them fast. That is all."


async def test_an_answer_becomes_a_voice_message(pulpit: Pulpit) -> None:
    """Ogg with Opus, its length known, on the shelf; nothing else stays."""
    spoken = await pulpit.reads(ANSWER)
    assert spoken.voice is not None
    assert ("voice", "audio/ogg") == (spoken.voice.kind, spoken.voice.mime)
    body = pulpit.file(spoken).read_bytes()
    assert body.startswith(b"OggS")
    assert b"OpusHead" in body[:80]
    assert len(body) == spoken.voice.size
    assert len(ANSWER) * 0.06 == pytest.approx(spoken.voice.seconds, abs=1.5)
    assert "" == spoken.note
    assert [] == pulpit.left()


async def test_sentences_are_spoken_while_the_answer_is_written(pulpit: Pulpit) -> None:
    """The first is with the synthesizer before the last one is known."""
    job = await pulpit.asked()
    async with pulpit.speaking.aloud(job) as reading:
        reading.feed("Bees fly with four wings. They beat")
        await until(lambda: pulpit.said() == ["Bees fly with four wings."])
        await reading.finish(ANSWER)
    assert sorted(pulpit.said()) == sorted(
        ["Bees fly with four wings.", "They beat them fast.", "That is all."]
    )


async def test_an_engine_that_sleeps_is_woken_before_there_is_anything_to_say(
    pulpit: Pulpit,
) -> None:
    """While the model thinks, and in the voice that the person likes."""
    sleeper = Sleeper()
    async with Chain[Synthesizer]("speak", [Candidate(sleeper)], QUICK) as pulpit.chain:
        job = await pulpit.asked()
        async with pulpit.speaking.aloud(job) as reading:
            await until(lambda: [(Timbre("en"),)] == sleeper.woken)
            assert (await reading.finish(ANSWER)).voice


async def test_one_that_will_not_wake_is_no_trouble_before_it_is_needed(pulpit: Pulpit) -> None:
    """It may have thought better of it."""
    sleeper = Sleeper(broken=True)
    async with Chain[Synthesizer]("speak", [Candidate(sleeper)], QUICK) as pulpit.chain:
        spoken = await pulpit.reads(ANSWER)
        assert pulpit.chain.state()[0].health.up
    assert spoken.voice
    assert 1 == len(sleeper.woken)


async def test_each_sentence_has_the_voice_of_its_language(pulpit: Pulpit) -> None:
    """A mixed answer is spoken by two."""
    await pulpit.reads("Hello, how are you? Привет, как у тебя дела?")
    assert {
        ("en_US-joe-medium", "Hello, how are you?"),
        ("ru_RU-irina-medium", "Привет, как у тебя дела?"),
    } == set(pulpit.server.spoke)


async def test_a_person_has_the_voice_and_the_speed_that_they_chose(pulpit: Pulpit) -> None:
    """Where it speaks the language."""
    await pulpit.speaking.tastes.choose(1, VoiceTaste("always", "en_GB-alan-low", 2.0))
    spoken = await pulpit.reads(ANSWER)
    assert {"en_GB-alan-low"} == {name for name, _ in pulpit.server.spoke}
    assert spoken.voice is not None
    assert spoken.voice.seconds < len(ANSWER) * 0.06 * 0.75


@pytest.mark.parametrize(
    ("mode", "aloud", "wanted"),
    [
        ("off", True, False),
        ("when_spoken_to", True, True),
        ("when_spoken_to", False, False),
        ("always", False, True),
    ],
)
async def test_people_are_answered_aloud_when_they_want_it(
    pulpit: Pulpit, mode: str, aloud: bool, wanted: bool
) -> None:
    """By their own choice, else by the owner's."""
    pulpit.usual = "off" if wanted else "always"
    await pulpit.speaking.tastes.choose(1, VoiceTaste(mode))
    spoken = await pulpit.reads(ANSWER, job=await pulpit.asked(aloud=aloud))
    assert wanted == (spoken.voice is not None)
    assert wanted == bool(pulpit.said())


async def test_the_beginning_of_a_long_answer_is_spoken_and_said_to_be_so(pulpit: Pulpit) -> None:
    """The rest is only read."""
    pulpit.longest = 6.0
    long = " ".join(f"This is sentence number {number}." for number in range(20))
    spoken = await pulpit.reads(long)
    assert spoken.voice is not None
    assert 1 < spoken.voice.seconds <= 6.0
    assert "the rest is in writing" in spoken.note


async def test_what_cannot_be_spoken_is_no_voice_message(pulpit: Pulpit) -> None:
    """An answer of signs alone is read with the eyes."""
    spoken = await pulpit.reads("👍 🎉")
    assert (None, "") == (spoken.voice, spoken.note)


async def test_that_nothing_can_be_spoken_is_said_once(pulpit: Pulpit) -> None:
    """And once more when it fails again after it had worked."""
    pulpit.server.script.status = 503
    first, second = (
        await pulpit.reads(ANSWER),
        await pulpit.reads(ANSWER, job=await pulpit.asked(lane="1-2")),
    )
    assert first.voice is second.voice is None
    assert "I cannot speak at the moment" in first.note
    third = await pulpit.reads(ANSWER, job=await pulpit.asked(lane="other", chat=2))
    assert "I cannot speak at the moment" in third.note
    assert [] == pulpit.left()


@pytest.mark.parametrize("garbage", [b"<html>no</html>", b"", b"RIFF\xff\xff\xff\xffWAVE"])
async def test_a_server_that_gives_no_sound_costs_only_the_voice(
    pulpit: Pulpit, garbage: bytes
) -> None:
    """The text is there in any case."""
    pulpit.server.instead = garbage
    spoken = await pulpit.reads(ANSWER)
    assert spoken.voice is None
    assert spoken.note


async def test_seconds_that_were_spoken_count_and_others_do_not(pulpit: Pulpit) -> None:
    """A day has only so many; what is left of it is still spoken."""
    pulpit.allowances = {"speak": Allowance(amount=12.0)}
    pulpit.longest = 10.0
    first = await pulpit.reads(ANSWER)
    assert first.voice is not None
    ledger = pulpit.speaking.budget.ledger
    used = await ledger.used(1, "speak", "1970-01-12")
    assert first.voice.seconds == pytest.approx(used)
    second = await pulpit.reads("All good.", job=await pulpit.asked(lane="2"))
    assert second.voice is not None
    pulpit.server.spoke.clear()
    third = await pulpit.reads(ANSWER * 9, job=await pulpit.asked(lane="3"))
    fourth = await pulpit.reads(ANSWER, job=await pulpit.asked(lane="4"))
    assert third.voice is None or "the rest is in writing" in third.note
    assert fourth.voice is None
    assert "spoken enough for you today" in fourth.note
    assert 12.0 >= await ledger.used(1, "speak", "1970-01-12")


async def test_a_stop_ends_all_that_is_being_spoken(pulpit: Pulpit) -> None:
    """No place at a server stays taken, no file stays behind, nothing is charged."""
    pulpit.server.script.first_after = 60.0
    job = await pulpit.asked()
    work = asyncio.create_task(pulpit.reads(ANSWER, job=job))
    await until(lambda: any(one.free < one.slots for one in pulpit.chain.state()))
    work.cancel()
    await asyncio.wait({work})
    await until(lambda: all(one.free == one.slots for one in pulpit.chain.state()))
    assert [] == pulpit.left()
    assert 0 == await pulpit.speaking.budget.ledger.used(1, "speak", "1970-01-12")
