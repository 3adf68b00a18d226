"""What was said while the bot was away for long is apologised for, once a chat."""

from collections.abc import AsyncIterator

import pytest

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.program import ollama, running
from tests.program.conftest import Make
from tests.program.house import House

HOURS = 3 * 3600.0
SORRY = "I was away when you wrote. Please ask again if it still matters."


@pytest.fixture
async def house(program: Make, play: Playground, model: FakeOllama) -> AsyncIterator[House]:
    """A house whose program is away."""
    made = House(play, model, program(ollama(model.url)))
    yield made
    await made.put_away()


async def test_old_questions_get_one_apology_a_chat(house: House) -> None:
    """However many old messages of however many kinds: one apology; what is new is answered."""
    ann, olha = await house.person("Ann"), await house.person("Olha", "uk")
    ivan = await house.person("Ivan")
    group = await house.group(ann, ivan)
    ann_there, ivan_there = house.there(ann, group), house.there(ivan, group)
    await ann.act("options", clock_offset=-HOURS)
    for number in range(30):
        await ann.send(f"Old question {number}?")
    await ann.send("/status")
    await ann.attach("document", b"a letter", name="letter.txt")
    await olha.send("Стare питання?")
    await ann_there.send("/ask for something old")
    await ivan_there.send("/ask for something old, too")
    await ivan_there.send("Not meant for the bot.")
    await ann.act("options", clock_offset=0)
    await ivan.send("New question?")
    async with running(house.program):
        assert "You said: New question?" == (await ivan.wait_reply())["text"]
        for person in (ann, olha, ann_there):
            await person.wait_reply()
        await ann.send("Still there?")
        await ann.wait_reply(lambda m: m["text"] == "You said: Still there?")
        told = [m["text"] for m in await ann.replies()]
        assert [SORRY, "You said: Still there?"] == told
        assert 1 == len(await olha.replies())
        assert SORRY not in (await olha.replies())[0]["text"]
        assert [SORRY] == [m["text"] for m in await ann_there.replies()]
        assert 1 == len(await ivan.replies())
        assert 0 == await house.program.stop()
    assert ["New question?", "Still there?"] == house.asked()


async def test_a_short_absence_needs_no_apology(house: House) -> None:
    """What is younger than the limit of the configuration is answered, one by one and in order."""
    ann = await house.person("Ann")
    await ann.act("options", clock_offset=-1800)
    for number in range(5):
        await ann.send(f"Question {number}?")
    await ann.act("options", clock_offset=0)
    async with running(house.program):
        await ann.wait_reply(lambda m: m["text"] == "You said: Question 4?")
        told = [m["text"] for m in await ann.replies()]
    assert [f"You said: Question {number}?" for number in range(5)] == told


@pytest.mark.parametrize("limit", [60])
async def test_the_limit_is_the_owners(limit: int, house: House) -> None:
    """`max_age_seconds` decides what is old."""
    bot = house.program
    text = bot.config.read_text().replace("[telegram]", f"[telegram]\nmax_age_seconds = {limit}")
    bot.config.write_text(text)
    ann = await house.person("Ann")
    await ann.act("options", clock_offset=-2 * limit)
    await ann.send("Old?")
    await ann.act("options", clock_offset=0)
    async with running(house.program):
        assert SORRY == (await ann.wait_reply())["text"]
    assert [] == house.asked()
