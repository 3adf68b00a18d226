"""Everyone stops their own work, and at once."""

import asyncio

import pytest

from tests.program.house import House, buttons, final
from tests.telegram import Person, Record

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = " ".join(f"word{number}" for number in range(2000))


@pytest.fixture
def slow(house: House) -> House:
    """The house with a model that would write for minutes."""
    house.model.script.answer = LONG
    house.model.script.words_per_second = 15
    return house


async def writing(person: Person) -> Record:
    """Wait until some of the answer is to be seen as a draft."""
    return await person.wait_event(lambda e: e["type"] == "draft" and "word3" in e.get("text", ""))


async def stopped(person: Person, house: House) -> Record:
    """The answer as it was when it was stopped; the model writes no more."""
    answer = await person.wait_reply(lambda m: "Stopped." in m["text"])
    assert answer["text"].startswith("word0")
    assert ["Again", "Shorter", "Longer"] == buttons(answer)
    async with asyncio.timeout(10):
        await house.model.requests[-1].left.wait()
    return answer


async def test_stop_by_command(slow: House) -> None:
    """/stop ends the answer; what was written stays."""
    zoe = await slow.person()
    await zoe.send("Tell me everything.")
    await writing(zoe)
    await zoe.send("/stop")
    await stopped(zoe, slow)


async def test_stop_by_the_draft(slow: House) -> None:
    """Telegram's own stop button under a draft does the same."""
    zoe = await slow.person()
    await zoe.send("Tell me everything.")
    await zoe.stop_draft((await writing(zoe))["draft_id"])
    await stopped(zoe, slow)


async def test_stop_by_the_button_in_a_group(slow: House) -> None:
    """The message that is being written has a button; who did not ask cannot use it."""
    ann, bob = await slow.person("Ann"), await slow.person("Bob")
    group = await slow.group(ann, bob)
    ann, bob = slow.there(ann, group), slow.there(bob, group)
    await ann.send("@hearthbot_bot tell us everything.")
    live = await ann.wait_reply(lambda m: "word" in m["text"])
    assert ["Stop"] == buttons(live)
    await bob.press(live, "Stop")
    await bob.wait_reply(lambda m: "nothing to stop" in m["text"])
    assert not slow.model.requests[-1].left.is_set()
    await ann.press(live, "Stop")
    answer = await stopped(ann, slow)
    assert live["message_id"] == answer["message_id"]


async def test_what_waits_behind_is_dropped_too(slow: House) -> None:
    """/stop ends what runs and all that the same person has waiting in the chat."""
    zoe = await slow.person()
    await zoe.send("The first?")
    await writing(zoe)
    await zoe.send("The second?")
    await zoe.send("The third?")
    await zoe.send("/stop")
    await zoe.wait_reply(lambda m: "2 waiting questions were dropped" in m["text"])
    slow.model.script.words_per_second = 0
    slow.model.script.answer = "Short."
    await zoe.send("The fourth?")
    await zoe.wait_reply(lambda m: m["text"] == "Short.")
    assert ["The first?", "The fourth?"] == slow.asked()


async def test_others_go_on(slow: House) -> None:
    """Somebody's /stop in a group leaves the others' answers alone."""
    ann, bob = await slow.person("Ann"), await slow.person("Bob")
    group = await slow.group(ann, bob)
    ann, bob = slow.there(ann, group), slow.there(bob, group)
    slow.model.script.answer = " ".join(["more"] * 40)
    await ann.send("/ask for much")
    await ann.wait_reply(lambda m: "more" in m["text"])
    await bob.send("/stop")
    await bob.wait_reply(lambda m: "nothing to stop" in m["text"])
    whole = await ann.wait_reply(lambda m: final(m) and "more" in m["text"])
    assert slow.model.script.answer == whole["text"]


async def test_nothing_to_stop_is_said(house: House) -> None:
    """A /stop without anything to stop is answered too."""
    zoe = await house.person()
    await zoe.send("/stop")
    assert "There is nothing to stop." == (await zoe.wait_reply())["text"]


async def test_a_stopped_answer_is_made_anew_by_its_button(slow: House) -> None:
    """Again under a stopped answer writes it whole."""
    zoe = await slow.person()
    await zoe.send("Tell me everything.")
    await writing(zoe)
    await zoe.send("/stop")
    answer = await stopped(zoe, slow)
    slow.model.script.words_per_second = 0
    slow.model.script.answer = "All of it."
    await zoe.press(answer, "Again")
    again = await zoe.wait_reply(lambda m: m["text"] == "All of it.")
    assert answer["message_id"] == again["message_id"]
