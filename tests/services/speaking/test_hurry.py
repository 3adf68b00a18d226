"""Where a synthesizer is slow, the end of an answer is spoken by two at once."""

from __future__ import annotations

import asyncio

import pytest

from services.speaking.tempo import Tempo
from tests.services.ground import until
from tests.services.speaking.pulpit import Pulpit

FIRST = "Bees beat their four wings very fast."
LAST = "That is how they stay in the air."
HALVES = ["That is how they stay,", "in the air."]


async def test_the_end_of_an_answer_is_parted_where_it_would_be_waited_for(pulpit: Pulpit) -> None:
    """How slow the synthesizer is it has shown before; the parts come in their order."""
    pulpit.server.script.realtime = 0.2
    whole = await pulpit.reads(f"{FIRST} {LAST}")
    assert sorted([FIRST, LAST]) == sorted(pulpit.said())
    pulpit.server.spoke.clear()
    parted = await pulpit.reads(f"{FIRST} {LAST}", job=await pulpit.asked(lane="2"))
    assert sorted([FIRST, *HALVES]) == sorted(pulpit.said())
    assert whole.voice is not None
    assert parted.voice is not None
    assert whole.voice.seconds == pytest.approx(parted.voice.seconds, abs=0.5)


async def test_a_quick_synthesizer_speaks_whole_sentences(pulpit: Pulpit) -> None:
    """Nobody waits for it, and whole sentences sound better."""
    pulpit.speaking.tempo.note(FIRST, 0.1)
    await pulpit.reads(LAST)
    assert [LAST] == pulpit.said()


async def test_only_what_is_left_at_the_end_is_parted(pulpit: Pulpit) -> None:
    """While the answer is being written there is time."""
    pulpit.speaking.tempo.note(FIRST, 60.0)
    job = await pulpit.asked()
    async with pulpit.speaking.aloud(job) as reading:
        reading.feed(f"{LAST} Now you")
        await until(lambda: [LAST] == pulpit.said())
        async with asyncio.timeout(20):
            await reading.finish(f"{LAST} Now you know.")
    assert [LAST, "Now you know."] == pulpit.said()


def test_the_tempo_is_that_of_the_quickest_of_the_last_few() -> None:
    """Who waited in line seems slow, and is not."""
    tempo = Tempo()
    assert 0.0 == tempo.expected("0123456789")
    tempo.note("01234", 1.0)
    tempo.note("01234", 9.0)
    assert 2.0 == pytest.approx(tempo.expected("0123456789"))
    for _ in range(5):
        tempo.note("01234", 2.0)
    assert 4.0 == pytest.approx(tempo.expected("0123456789"))
