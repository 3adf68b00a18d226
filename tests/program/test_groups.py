"""In a group the bot speaks when it is spoken to, and where it is spoken to."""

import pytest
import pytest_asyncio

from tests.program.house import House, final
from tests.telegram import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def ann(house: House) -> Person:
    """Ann, in a group with Bob."""
    ann, bob = await house.person("Ann"), await house.person("Bob")
    return house.there(ann, await house.group(ann, bob))


async def test_the_bot_is_silent_until_it_is_meant(house: House, ann: Person) -> None:
    """Talk among people is not answered, not even by a refusal."""
    await ann.send("What a day!")
    await ann.send("/foreign@other_bot")
    await ann.act("send", dice={"emoji": "🎲", "value": 3})
    await ann.send("@hearthbot_bot are you there?")
    answer = await ann.wait_reply(final)
    assert "You said: are you there?" == answer["text"]
    assert [answer["message_id"]] == [one["message_id"] for one in await ann.replies()]
    assert ["are you there?"] == house.asked()


async def test_an_answer_replies_to_the_question(house: House, ann: Person) -> None:
    """In a group one sees what is being answered."""
    asked = await ann.send("hello @hearthbot_bot, how are you?")
    answer = await ann.wait_reply(final)
    assert asked["message_id"] == answer["reply_to_message"]["message_id"]
    assert ["hello how are you?"] == house.asked()


async def test_a_reply_to_the_bot_is_meant_for_it(house: House, ann: Person) -> None:
    """Who replies to an answer need not mention anybody; the model sees what it is about."""
    await ann.send("@hearthbot_bot first")
    answer = await ann.wait_reply(final)
    await ann.send("and why?", reply_to_message_id=answer["message_id"])
    await ann.wait_reply(lambda m: "and why?" in m["text"])
    assert "> You said: first\n\nand why?" == house.asked()[-1]


async def test_a_reply_to_somebody_else_is_not(house: House, ann: Person) -> None:
    """People reply to each other without being answered by a machine."""
    other = await ann.send("I like tea.")
    await ann.send("Me too!", reply_to_message_id=other["message_id"])
    await ann.send("/ask for silence")
    await ann.wait_reply(final)
    assert ["for silence"] == house.asked()


async def test_ask_can_be_about_a_message_of_somebody(house: House, ann: Person) -> None:
    """/ask as a reply asks about what it replies to; alone it is asked what it wants."""
    other = await ann.send("E = mc²")
    await ann.send("/ask", reply_to_message_id=other["message_id"])
    await ann.wait_reply(final)
    assert "E = mc²" in house.asked()[-1]
    await ann.send("/ask@hearthbot_bot")
    assert "after /ask" in (await ann.wait_reply())["text"]


async def test_a_topic_has_a_conversation_of_its_own(house: House) -> None:
    """An answer appears in the topic of its question, and topics do not hear each other."""
    ann = await house.person("Ann")
    there = house.there(ann, -1001000000001)
    state = await ann.look("state")
    forum = next(chat for chat in state["chats"] if chat["id"] == there.chat_id)
    topic = next(one["id"] for one in forum["topics"] if one["name"] == "Plans")
    member = house._at(1, there.chat_id)
    await member.send("/ask about plans", message_thread_id=topic)
    answer = await member.wait_reply(final)
    assert topic == answer["message_thread_id"]
    await member.send("/ask elsewhere")
    elsewhere = await member.wait_reply(lambda m: final(m) and "elsewhere" in m["text"])
    assert "message_thread_id" not in elsewhere
    turns = house.model.requests[-1].body["messages"]
    assert ["system", "user"] == [turn["role"] for turn in turns]


async def test_two_people_in_a_group_are_answered_in_order(house: House, ann: Person) -> None:
    """A chat is one lane: what was asked first is answered first."""
    for number in range(4):
        await ann.send(f"/ask number {number}")
    await ann.wait_reply(lambda m: final(m) and "number 3" in m["text"])
    said = [one["text"] for one in await ann.replies()]
    assert [f"You said: number {number}" for number in range(4)] == said
