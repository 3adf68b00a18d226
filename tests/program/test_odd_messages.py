"""Whatever people send, they get one clear answer, and never a trace of a bug."""

import asyncio

import pytest

from tests.program.house import House, final

pytestmark = pytest.mark.asyncio(loop_scope="session")

ZERO_WIDTH = "\u200b\u200d\u2060\ufeff"
RIGHT_TO_LEFT = "שלום עולם, מה שלומך؟ كيف حالك"
FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    "text",
    [
        RIGHT_TO_LEFT,
        "🙂" * 2048,
        FAMILY * 300,
        "{name} {0} %s %(x)s",
        "<b>bold</b> & *bold* _it_ `code` [link](http://x) ||spoiler||",
        "```\nunclosed",
        "/usr/bin is a folder",
        "/ 2 = 3",
        "//comment",
        "a/help",
        "\\",
        "0",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "$$\\frac{1}{2}$$",
    ],
)
async def test_an_odd_text_is_a_question_like_any_other(house: House, text: str) -> None:
    """The model gets exactly what was written, and its answer arrives."""
    house.model.script.answer = "Understood."
    zoe = await house.person()
    await zoe.send(text)
    answer = await zoe.wait_reply(final)
    assert "Understood." == answer["text"]
    assert [text.strip()] == house.asked()


@pytest.mark.parametrize("text", [ZERO_WIDTH, "\u00ad", " \u3164 "])
async def test_a_text_that_shows_nothing_is_answered(house: House, text: str) -> None:
    """Invisible messages are no reason for silence."""
    zoe = await house.person()
    await zoe.send(text)
    assert (await zoe.wait_reply())["text"]


@pytest.mark.parametrize(
    "answer",
    ["🙂" * 4096, "**bold " * 500, "<b>", "a" * 9000, "\n".join(["| a | b |"] * 300), "```" * 99],
)
async def test_an_odd_answer_arrives(house: House, answer: str) -> None:
    """What a model writes may be anything; it is never lost for its form."""
    house.model.script.answer = answer
    zoe = await house.person()
    await zoe.send("Say something odd.")
    await zoe.wait_reply(lambda m: final(m) and "reply_markup" in m, timeout=30)
    assert "".join(one.get("text", "rich") for one in await zoe.replies()).strip()


@pytest.mark.parametrize(
    "thing",
    [
        {"contact": {"phone_number": "+100", "first_name": "Bob"}},
        {"location": {"latitude": 50.45, "longitude": 30.52}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {
            "poll": {
                "id": "1",
                "question": "Tea?",
                "options": [{"persistent_id": "a", "text": "Yes", "voter_count": 0}],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        },
        {
            "sticker": {
                "file_id": "s",
                "file_unique_id": "u",
                "type": "regular",
                "width": 512,
                "height": 512,
                "is_animated": True,
                "is_video": False,
            }
        },
    ],
    ids=lambda thing: next(iter(thing)),
)
async def test_what_cannot_be_read_is_answered_with_what_can(
    house: House, thing: dict[str, object]
) -> None:
    """A moving sticker, a contact, a poll, a place, a die: one answer, with what to do instead."""
    zoe = await house.person()
    await zoe.act("send", **thing)
    assert "write to me in words" in (await zoe.wait_reply())["text"]
    assert not house.asked()


@pytest.mark.parametrize("text", ["/dance", "/start_me_up", "/dance@hearthbot_bot now"])
async def test_an_unknown_command_is_answered_with_the_known_ones(house: House, text: str) -> None:
    """One learns what there is."""
    zoe = await house.person()
    await zoe.send(text)
    said = (await zoe.wait_reply())["text"]
    assert "do not know this command" in said
    assert "/help" in said


async def test_a_paste_that_is_too_long_is_refused_once(house: House) -> None:
    """200 000 characters come as fifty messages and get one clear answer."""
    zoe = await house.person()
    sent = await zoe.act("send", text="All work and no play. " * 9091)
    assert len(sent["messages"]) > 45
    refusal = await zoe.wait_reply(timeout=20)
    assert "too long" in refusal["text"]
    await zoe.send("Thank you.")
    await zoe.wait_reply(lambda m: m["text"] == "You said: Thank you.")
    assert 2 == len(await zoe.replies())
    assert ["Thank you."] == house.asked()


async def test_a_damaged_update_stops_nobody(house: House) -> None:
    """It is set aside for the operator; what came before and after it is answered."""
    ann, bob = await house.person("Ann"), await house.person("Bob")
    await asyncio.gather(
        ann.send("before"),
        ann.act("raw_update", update={"message": {"message_id": "no number", "chat": 7}}),
        ann.act("raw_update", update={"callback_query": []}),
        bob.send("after"),
    )
    await ann.wait_reply(lambda m: m["text"] == "You said: before")
    await bob.wait_reply(lambda m: m["text"] == "You said: after")
    log = house.program.log.read_text()
    assert 2 == log.count("An update is set aside")
    assert "no number" not in log


async def test_who_blocks_the_bot_is_left_in_peace(house: House) -> None:
    """Their work ends quietly; when they come back they are answered again."""
    house.model.script.answer = " ".join(["word"] * 100)
    house.model.script.words_per_second = 20
    zoe = await house.person()
    await zoe.send("Tell me much.")
    await zoe.wait_event(lambda e: e["type"] == "draft" and "word" in e.get("text", ""))
    await zoe.send("And more.")
    await zoe.act("block")
    async with asyncio.timeout(10):
        await house.model.requests[-1].left.wait()
    await zoe.act("unblock")
    house.model.script.words_per_second = 0
    house.model.script.answer = "Welcome back."
    await zoe.send("Hello again!")
    await zoe.wait_reply(lambda m: m["text"] == "Welcome back.")
    assert ["Tell me much.", "Hello again!"] == house.asked()
