"""Told to stop, the program ends in good order and in time, and nothing is lost."""

import asyncio
import random

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import Program, ollama, running
from tests.program.conftest import Make
from tests.program.house import echo
from tests.telegram import Person

ROUNDS = 4
WORDS = " ".join(f"word{number}" for number in range(40))


async def writing(person: Person) -> None:
    """Wait until some of the answer is to be seen."""
    await person.wait_event(lambda e: e["type"] == "draft" and "word" in e.get("text", ""))


async def stops(bot: Program) -> float:
    """Stop it in good order; how many seconds that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert 0 == await bot.stop(), bot.log.read_text()
    return loop.time() - began


async def test_what_is_being_written_is_finished(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """An answer that ends within the deadline arrives whole before the program is gone."""
    model.script = Script(WORDS, words_per_second=20)
    bot = program(ollama(model.url))
    async with running(bot), Person(play.url, 1) as ann:
        await ann.send("Tell me forty words.")
        await writing(ann)
        await ann.send("And this one waits.")
        await stops(bot)
        assert [WORDS] == [one["text"] for one in await ann.replies()]
        model.script = Script(echo)
        await bot.start_polling()
        await ann.wait_reply(lambda m: m["text"] == "You said: And this one waits.")
        assert 2 == len(await ann.replies())


async def test_what_takes_too_long_is_put_back_and_begun_again(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """The deadline holds; the next start answers what was cut short, once."""
    model.script = Script(" ".join([WORDS] * 50), words_per_second=10)
    bot = program(ollama(model.url), telegram="stop_seconds = 0.5")
    async with running(bot), Person(play.url, 1) as ann, Person(play.url, 2, -100) as oksana:
        await ann.send("Tell me everything.")
        await oksana.send("/ask for everything")
        await writing(ann)
        await oksana.wait_reply(lambda m: "word" in m["text"])
        assert await stops(bot) < 10
        model.script = Script(echo)
        await bot.start_polling()
        await ann.wait_reply(lambda m: m["text"] == "You said: Tell me everything.")
        await oksana.wait_reply(lambda m: m["text"] == "You said: for everything")
        assert 1 == len(await ann.replies())
        assert 1 == len(await oksana.replies())


async def test_told_twice_it_stops_at_once(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """Who is in a hurry loses nothing either."""
    model.script = Script(" ".join([WORDS] * 50), words_per_second=10)
    bot = program(ollama(model.url), telegram="stop_seconds = 60")
    async with running(bot), Person(play.url, 1) as ann:
        await ann.send("Tell me everything.")
        await writing(ann)
        assert bot.process is not None
        bot.process.terminate()
        await bot.logged("Stopping")
        bot.process.terminate()
        await bot.end()
        model.script = Script(echo)
        await bot.start_polling()
        await ann.wait_reply(lambda m: m["text"] == "You said: Tell me everything.")
        assert 1 == len(await ann.replies())


async def test_it_stops_whenever_it_is_told(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """Just begun, busy or idle: the exit code is 0, soon, and all is answered once in the end."""
    chance = random.Random(7)
    model.script = Script(echo, words_per_second=30)
    bot = program(ollama(model.url), telegram="stop_seconds = 1")
    people = [Person(play.url, number) for number in (1, 2, 3)]
    async with running(bot):
        for round_ in range(ROUNDS):
            for person in people:
                await person.send(f"Question {round_} with some words")
            await asyncio.sleep(chance.uniform(0.0, 0.6))
            assert await stops(bot) < 10
            await bot.start_polling()
        for person in people:
            await person.wait_reply(lambda m: f"Question {ROUNDS - 1}" in m["text"], timeout=30)
            said = [one["text"] for one in await person.replies()]
            assert [
                f"You said: Question {number} with some words" for number in range(ROUNDS)
            ] == said
            await person.aclose()
