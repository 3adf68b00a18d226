"""Who is not on the list is told so, once, and gets nothing done."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import Program, ollama, running, write_config
from tests.program.house import House, echo, final
from tests.telegram import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADMIN, FRIEND, CLUB = 42, 43, -1000000000777
RULES = f"""
[access]
mode = "allow_list"
admins = [{ADMIN}]
allow = [{FRIEND}, {CLUB}]
"""
PRIVATE = "This bot is private. Give its owner your number to be let in: {id}."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A program that serves only an administrator, a friend and a club."""
    folder = tmp_path_factory.mktemp("private")
    async with Playground() as play, FakeOllama(Script(echo)) as model:
        write_config(folder, play.url, ollama(model.url), RULES)
        async with running(Program(folder, play.url)) as started:
            house = House(play, model, started)
            anybody = await house.person()
            for number in (ADMIN, FRIEND):
                await anybody.act("users", id=number, first_name=f"P{number}", language_code="en")
            yield house
            await house.put_away()


def known(house: House, number: int) -> Person:
    """Somebody on the list, in their private chat."""
    person = Person(house.play.url, number)
    house.people.append(person)
    return person


@pytest.mark.parametrize("number", [ADMIN, FRIEND])
async def test_who_is_on_the_list_is_answered(house: House, number: int) -> None:
    """Administrators need not be on the list of friends."""
    person = known(house, number)
    await person.send("Me?")
    assert "You said: Me?" == (await person.wait_reply())["text"]


async def test_a_stranger_gets_one_refusal_and_nothing_runs(house: House) -> None:
    """Questions, commands, files, edits: one refusal with the number that the owner needs."""
    stranger = await house.person("Stranger")
    first = await stranger.send("Let me in?")
    await stranger.send("Please?")
    await stranger.send("/status")
    await stranger.send("/model")
    await stranger.attach("document", b"a letter", name="letter.txt")
    await stranger.edit(first, "Let me in now?")
    told = await stranger.wait_reply()
    assert PRIVATE.format(id=stranger.user_id) == told["text"]
    friend = known(house, FRIEND)
    await friend.send("Me too?")  # when this is answered, what came before it is over
    await friend.wait_reply(lambda m: m["text"] == "You said: Me too?")
    assert [told["text"]] == [m["text"] for m in await stranger.replies()]
    assert not {"Let me in?", "Please?", "Let me in now?"} & set(house.asked())


async def test_in_a_group_that_is_let_in_everybody_is(house: House) -> None:
    """The number of a group on the list stands for its members, there and nowhere else."""
    stranger = await house.person("Member")
    fields = {"id": CLUB, "type": "supergroup", "title": "Club", "members": [stranger.user_id]}
    await stranger.act("chats", **fields)
    there = house.there(stranger, CLUB)
    await there.send("/ask Here?")
    assert "You said: Here?" == (await there.wait_reply(lambda m: "You said" in m["text"]))["text"]
    await stranger.send("And here?")
    assert PRIVATE.format(id=stranger.user_id) == (await stranger.wait_reply())["text"]
    assert "And here?" not in house.asked()


async def test_in_other_groups_strangers_are_refused_and_others_left_alone(house: House) -> None:
    """Only who calls the bot hears of it; the administrator is answered everywhere."""
    stranger, admin = await house.person("Guest"), known(house, ADMIN)
    group = await house.group(stranger, admin)
    guest, boss = house.there(stranger, group), house.there(admin, group)
    await guest.send("Just talking.")
    await boss.send("/ask Mine?")
    assert "You said: Mine?" == (await boss.wait_reply(lambda m: "You said" in m["text"]))["text"]
    await guest.send("/ask Mine too?")
    told = await guest.wait_reply(lambda m: "private" in m["text"])
    assert PRIVATE.format(id=stranger.user_id) == told["text"]
    assert 1 == sum("private" in m["text"] for m in await guest.replies())
    assert "Mine too?" not in house.asked()


async def test_a_stranger_cannot_use_what_others_were_given(house: House) -> None:
    """Buttons under somebody's answer do nothing for who is not let in."""
    stranger, admin = await house.person("Guest"), known(house, ADMIN)
    group = await house.group(stranger, admin)
    guest, boss = house.there(stranger, group), house.there(admin, group)
    await boss.send("/ask Only mine?")
    answer = await boss.wait_reply(lambda m: final(m) and "Only mine?" in m["text"])
    before = len(house.asked())
    await guest.press(answer, "Again")
    await guest.wait_reply(lambda m: "private" in m["text"])
    assert before == len(house.asked())
