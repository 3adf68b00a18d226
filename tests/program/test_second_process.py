"""Two processes share the work: when one dies, the other does what it had begun."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.program import PATIENCE, Program, ollama, running
from tests.program.conftest import Make
from tests.program.house import House, final
from tests.telegram import Person

WHOLE = " ".join(f"word{number}" for number in range(20))


async def working(worker: Program) -> None:
    """Wait until the worker says that it works."""
    assert worker.process is not None
    async with asyncio.timeout(PATIENCE):
        while "Working" not in worker.log.read_text():
            assert worker.process.returncode is None, worker.log.read_text()
            await asyncio.sleep(0.02)


@pytest.fixture
async def house(program: Make, play: Playground, model: FakeOllama) -> AsyncIterator[House]:
    """A program that listens, and whose model writes for two seconds."""
    model.script.answer = WHOLE
    model.script.words_per_second = 10
    async with running(program(ollama(model.url, slots=1))) as listener:
        made = House(play, model, listener)
        yield made
        await made.put_away()


@pytest.fixture
async def worker(house: House) -> AsyncIterator[Program]:
    """A second process on the same database."""
    async with second_process(house) as second:
        yield second


@asynccontextmanager
async def second_process(house: House) -> AsyncIterator[Program]:
    """A second process while the block runs."""
    second = Program(house.program.folder, house.play.url, ("worker", "--tasks", "chat"))
    log = house.program.folder / "worker"
    await asyncio.to_thread(log.mkdir)
    second = replace(second, folder=log)
    (log / "config.toml").write_text(house.program.config.read_text())
    try:
        await second.start()
        await working(second)
        yield second
    finally:
        await second.kill()


async def both_at_work(house: House) -> tuple[Person, Person]:
    """Two people whose questions are being answered, one by each process."""
    ann, bob = await house.person("Ann"), await house.person("Bob")
    await ann.send("Ann's?")
    await bob.send("Bob's?")
    await house.model.asked("/api/chat", 2)
    for person in (ann, bob):
        await person.wait_event(lambda e: e["type"] == "draft" and "word1" in e.get("text", ""))
    return ann, bob


async def answered_once(*people: Person) -> None:
    """Each gets one whole answer."""
    for person in people:
        await person.wait_reply(lambda m: m["text"] == WHOLE, timeout=PATIENCE)
    for person in people:
        assert [WHOLE] == [m["text"] for m in await person.replies()]


async def test_the_listener_takes_over_from_a_dead_worker(house: House, worker: Program) -> None:
    """Kill -9 in the middle of an answer: the other process gives it, whole and once."""
    ann, bob = await both_at_work(house)
    await worker.kill()
    await answered_once(ann, bob)
    assert 3 == len(house.asked())
    assert 0 == await house.program.stop()


async def test_a_worker_takes_over_from_a_dead_listener(house: House, worker: Program) -> None:
    """It finishes and delivers what was written down, though nobody listens any more."""
    ann, bob = await both_at_work(house)
    await house.program.kill()
    await answered_once(ann, bob)
    assert 0 == await worker.stop()
    await house.program.start_polling()
    carol = await house.person("Carol")
    await carol.send("Back?")
    await answered_once(carol)


async def test_what_one_shows_in_line_the_other_makes_the_answer(house: House) -> None:
    """The listener tells a group its place in line; the worker writes into the same message."""
    house.model.script.words_per_second = 3
    ann, oksana = await house.person("Ann"), await house.person("Oksana")
    group = house.there(oksana, await house.group(oksana, ann))
    await ann.send("Ann's?")
    await house.model.asked("/api/chat", 1)
    await group.send("@hearthbot_bot Oksana's?")
    waits = await group.wait_reply(lambda m: "line" in m["text"])
    async with second_process(house) as worker:
        await group.wait_reply(lambda m: "word1" in m["text"], timeout=PATIENCE)
        await answered_once(group)
        (message,) = await group.replies()
        assert waits["message_id"] == message["message_id"]
        assert final(message)
        assert 0 == await worker.stop()
    assert 2 == len(house.asked())
