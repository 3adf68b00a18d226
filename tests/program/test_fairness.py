"""One place at one model, and many people: everybody gets their turn."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
import pytest_asyncio

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import Program, ollama, running, write_config
from tests.program.house import House, echo, final
from tests.telegram import Person, Record

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = " ".join(f"word{number}" for number in range(2000))
IN_UKRAINIAN = "У черзі: перед вами 2 запитання."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One program with a single place at its only model."""
    folder = tmp_path_factory.mktemp("narrow")
    async with Playground() as play, FakeOllama(Script(echo)) as model:
        write_config(folder, play.url, ollama(model.url, slots=1))
        async with running(Program(folder, play.url)) as started:
            yield House(play, model, started)


@pytest_asyncio.fixture(loop_scope="module")
async def house(shared: House) -> AsyncIterator[House]:
    """The program with nothing to do, and a model that behaves as usual."""
    shared.model.script = Script(echo)
    shared.model.requests.clear()
    yield shared
    for person in shared.people:
        await person.send("/stop")
        await person.wait_reply()  # stopped, or nothing to stop
    await shared.put_away()


async def writing(house: House, until: str) -> Person:
    """Somebody whose long answer is being written, and is seen as far as this word."""
    person = await house.person("Ann")
    house.model.script = Script(LONG, words_per_second=8)
    await person.send("Tell me everything, please.")
    await person.wait_event(lambda e: e["type"] == "draft" and until in e.get("text", ""))
    house.model.script = Script(echo)
    return person


def whole(text: str, message: Record) -> bool:
    """Whether a message is this answer, and complete."""
    return final(message) and text == message["text"]


async def test_twenty_questions_of_one_delay_another_by_one_answer(house: House) -> None:
    """Whoever has not been served lately is next, however many chats somebody else fills."""
    greedy, modest = await house.person("Greedy"), await house.person("Modest")
    chats = [greedy, *[house.there(greedy, await house.group(greedy)) for _ in range(3)]]
    house.model.script.first_after = 0.5
    for number in range(20):
        await chats[number % 4].send(f"/ask Mine, number {number}?")
    await house.model.asked("/api/chat", 2)
    begun = len(house.asked())
    await modest.send("And mine?")
    await modest.wait_reply(lambda m: m["text"] == "You said: And mine?", timeout=20)
    turn = house.asked().index("And mine?")
    house.model.script.first_after = 0.0
    for number, chat in enumerate(chats, start=16):
        await chat.wait_reply(partial(whole, f"You said: Mine, number {number}?"), timeout=20)
    assert turn <= begun + 1
    assert turn < 18


async def test_who_waits_sees_where(house: House) -> None:
    """Each is told how many are before them, in their language, until it is their turn."""
    ann = await writing(house, until="word20")
    bob, olha = await house.person("Bob"), await house.person("Olha", "uk")
    await bob.send("Bob's?")
    await bob.wait_event(lambda e: "In line: 1 question is before yours." in e.get("text", ""))
    await olha.send("Ольжине?")
    await olha.wait_event(lambda e: IN_UKRAINIAN in e.get("text", ""))
    await ann.send("/stop")
    await bob.wait_reply(lambda m: m["text"] == "You said: Bob's?")
    await olha.wait_reply(lambda m: m["text"] == "You said: Ольжине?")


async def test_who_asks_right_after_another_sees_where_too(house: House) -> None:
    """It does not matter how soon after somebody else one asks."""
    await writing(house, until="word0")
    bob = await house.person("Bob")
    await bob.send("Bob's?")
    await bob.wait_event(lambda e: "In line:" in e.get("text", ""))


async def test_everybody_stops_only_their_own(house: House) -> None:
    """/stop of one who waits drops what they wait for, and touches nobody else's."""
    ann = await writing(house, until="word0")
    anns = house.model.to("/api/chat")[-1]
    bob, olha = await house.person("Bob"), await house.person("Olha")
    await bob.send("Bob's?")
    await olha.send("Olha's?")
    await bob.send("/stop")
    told = await bob.wait_reply(lambda m: "dropped" in m["text"])
    assert "Stopped; 1 waiting question was dropped." == told["text"]
    assert not anns.left.is_set()
    await ann.send("/stop")
    stopped = await ann.wait_reply(lambda m: "Stopped." in m["text"])
    assert stopped["text"].startswith("word0")
    await olha.wait_reply(lambda m: m["text"] == "You said: Olha's?")
    assert "Bob's?" not in house.asked()
