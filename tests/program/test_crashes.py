"""Killed at any moment, the program loses nothing and says nothing twice."""

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import ollama
from tests.program.conftest import Make
from tests.program.house import echo
from tests.telegram import Person, Record

KILLS = 25
QUESTIONS = 7
"""How many are asked in each life, before, while and after the program runs."""

GROUPS = ((1, -100), (2, -100), (3, -1001000000001))
"""People and the groups in which they ask; Telegram takes 20 messages a minute of a bot there."""

STRANGERS = range(50, 66)
"""People who ask in their private chats, where Telegram takes one a second."""

WORDS = " ".join(["and so on"] * 5)
FINISHED_WITHIN = 30.0


@dataclass(slots=True)
class Crowd:
    """People who ask without caring whether anybody is there."""

    people: list[Person]
    chance: random.Random
    asked: Counter[tuple[int, str]] = field(default_factory=Counter)

    async def ask(self, count: int) -> None:
        """Ask so many things, one after the other."""
        for _ in range(count):
            in_group = self.chance.random() < 0.05
            person = self.chance.choice([p for p in self.people if (p.chat_id < 0) == in_group])
            question = f"{self.asked.total()}. {WORDS}"
            call = "" if person.chat_id > 0 else "/ask "
            await person.send(call + question)
            self.asked[person.chat_id, f"You said: {question}"] += 1
            await asyncio.sleep(self.chance.uniform(0.0, 0.5))

    async def heard(self) -> Counter[tuple[int, str]]:
        """All that the bot said, by chat."""
        messages: list[Record] = []
        for chat in {person.chat_id for person in self.people}:
            person = next(one for one in self.people if one.chat_id == chat)
            messages += (await person.look("messages", chat_id=chat, limit=1000))["messages"]
        return Counter((m["chat"]["id"], m["text"]) for m in messages if m["from"]["is_bot"])


async def newcomer(play: Playground, number: int) -> Person:
    """Somebody in their private chat."""
    person = Person(play.url, number)
    await person.act("users", id=number, first_name=f"P{number}", language_code="en")
    return person


async def answered(crowd: Crowd) -> Counter[tuple[int, str]]:
    """All that the bot said, once every question has an answer or the time is over."""
    heard = await crowd.heard()
    try:
        async with asyncio.timeout(FINISHED_WITHIN):
            while crowd.asked - heard or heard - crowd.asked:
                await crowd.people[0].look("events", since=crowd.people[0].last, wait=1)
                heard = await crowd.heard()
    except TimeoutError:
        pass
    return heard


@pytest.mark.timeout(240)
async def test_each_message_has_one_whole_answer_after_many_kills(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """After kill -9 at random moments: none twice, none missing, nothing half left over."""
    seed = int(os.environ.get("HEARTHBOT_SEED", random.SystemRandom().randrange(10**6)))
    print(f"HEARTHBOT_SEED={seed}")  # noqa: T201 - a failure can be repeated with it
    chance = random.Random(seed)
    model.script = Script(echo, words_per_second=60)
    bot = program(ollama(model.url, slots=16), "[answers]\npaste_hold_seconds = 0.2\n")
    people = [Person(play.url, user, chat) for user, chat in GROUPS]
    people += [await newcomer(play, number) for number in STRANGERS]
    crowd = Crowd(people, chance)
    for life in range(KILLS):
        asking = asyncio.create_task(crowd.ask(QUESTIONS), name="crowd")
        if life % 6 == 5:  # before it has begun to listen
            await bot.start()
            await asyncio.sleep(chance.uniform(0.2, 1.6))
        else:
            await bot.start_polling()
            await asyncio.sleep(chance.uniform(0.0, 0.7))
        await bot.kill()
        await asking
    await bot.start_polling()
    heard = await answered(crowd)
    code = await bot.stop()
    log = bot.log.read_text()
    for person in people:
        await person.aclose()
    assert Counter() == crowd.asked - heard, "missing"
    assert Counter() == heard - crowd.asked, "twice, or half"
    assert QUESTIONS * KILLS == crowd.asked.total()
    assert "jobs begin again" in log, "no kill came while something ran"
    assert 0 == code
