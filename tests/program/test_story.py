"""What a person lives through with the bot in their private chat."""

import pytest

from tests.program.house import House, buttons

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_newcomer_is_greeted_by_name(house: House) -> None:
    """/start says hello, what can be done now, and the commands."""
    zoe = await house.person("Zoe")
    await zoe.send("/start")
    said = (await zoe.wait_reply())["text"]
    assert "Hello, Zoe!" in said
    assert "I answer what you write" in said
    assert "/model" in said


async def test_an_answer_streams_in_as_a_draft_and_then_stands(house: House) -> None:
    """While the model writes, the draft grows; at the end the whole answer is a message."""
    whole = " ".join(f"word{number}" for number in range(24))
    house.model.script.answer = whole
    house.model.script.words_per_second = 16
    zoe = await house.person()
    await zoe.send("Tell me something longer, please.")
    drafts: list[str] = []
    while True:
        event = await zoe.wait_event(lambda e: e["type"] in ("draft", "message"))
        if event["type"] == "message" and event["message"]["from"]["is_bot"]:
            break
        if event.get("text"):
            assert event["can_stop"]
            drafts.append(event["text"])
    assert whole == event["message"]["text"]
    assert ["Again", "Shorter", "Longer"] == buttons(event["message"])
    assert len(drafts) >= 2
    assert drafts == sorted(drafts, key=len)
    assert all(whole.startswith(draft.rstrip("…").rstrip()) for draft in drafts)


async def test_a_question_is_asked_with_what_was_said_before(house: House) -> None:
    """The model reads the conversation; /new sets it aside."""
    zoe = await house.person()
    await zoe.send("My name is Zoe.")
    await zoe.wait_reply()
    await zoe.send("What is my name?")
    await zoe.wait_reply()
    turns = house.model.requests[-1].body["messages"]
    assert ["system", "user", "assistant", "user"] == [turn["role"] for turn in turns]
    assert "My name is Zoe." == turns[1]["content"]
    assert "You said: My name is Zoe." == turns[2]["content"]
    await zoe.send("/new")
    await zoe.wait_reply(lambda m: "new conversation" in m["text"])
    await zoe.send("And now?")
    await zoe.wait_reply()
    turns = house.model.requests[-1].body["messages"]
    assert ["system", "user"] == [turn["role"] for turn in turns]


async def test_a_chosen_model_answers_from_then_on(house: House) -> None:
    """/model offers what there is; the choice holds in this chat."""
    zoe = await house.person()
    await zoe.send("/model")
    offered = await zoe.wait_reply()
    assert ["phi3.5:3.8b", "qwen3:4b", "✓ Choose for me"] == buttons(offered)
    await zoe.press(offered, "qwen3:4b")
    await zoe.wait_reply(lambda m: "qwen3:4b" in m["text"])
    await zoe.send("Hello!")
    await zoe.wait_reply(lambda m: "You said" in m["text"])
    assert "qwen3:4b" == house.model.requests[-1].body["model"]


async def test_a_chosen_language_is_spoken_from_then_on(house: House) -> None:
    """/language changes what the bot says, and what it tells the model."""
    zoe = await house.person(language="en")
    await zoe.send("/language")
    offered = await zoe.wait_reply()
    await zoe.press(offered, "Українська")
    await zoe.wait_reply(lambda m: "українською" in m["text"])
    await zoe.send("/help")
    assert "нову розмову" in (await zoe.wait_reply(lambda m: "/new" in m["text"]))["text"]
    await zoe.send("Привіт!")
    answer = await zoe.wait_reply(lambda m: "You said" in m["text"])
    assert "Ще раз" in buttons(answer)
    assert "Ukrainian" in house.model.requests[-1].body["messages"][0]["content"]


async def test_an_edited_question_has_its_answer_edited(house: House) -> None:
    """The old answer says what belongs to the new question; no second answer appears."""
    zoe = await house.person()
    asked = await zoe.send("Two and two?")
    first = await zoe.wait_reply()
    await zoe.edit(asked, "Three and three?")
    again = await zoe.wait_reply(lambda m: "Three" in m["text"])
    assert first["message_id"] == again["message_id"]
    assert 1 == len(await zoe.replies())


@pytest.mark.parametrize(
    ("button", "wish"), [("Again", ""), ("Shorter", "much shorter"), ("Longer", "at length")]
)
async def test_an_answer_is_made_anew_by_a_button(house: House, button: str, wish: str) -> None:
    """The new answer takes the place of the old one."""
    house.model.script.answer = "The first."
    zoe = await house.person()
    await zoe.send("How do bees fly?")
    first = await zoe.wait_reply()
    house.model.script.answer = "The second."
    await zoe.press(first, button)
    second = await zoe.wait_reply(lambda m: "second" in m["text"])
    assert first["message_id"] == second["message_id"]
    assert wish in house.model.requests[-1].body["messages"][0]["content"]
    assert ["How do bees fly?"] == [
        turn["content"]
        for turn in house.model.requests[-1].body["messages"]
        if turn["role"] == "user"
    ]


async def test_status_names_backends_and_the_queue(house: House) -> None:
    """/status says what is up and how much is waiting."""
    zoe = await house.person()
    await zoe.send("/status")
    said = (await zoe.wait_reply())["text"]
    assert "🟢 Kitchen — 4 of 4 places free" in said
    assert "0 questions wait" in said


async def test_the_commands_are_listed_in_three_languages(house: House) -> None:
    """Telegram shows the commands in the language of each person."""
    zoe = await house.person()
    listed = (await zoe.look("state"))["bot"]["commands"]
    assert {"", "en", "ru", "uk"} <= {one.get("language_code") or "" for one in listed}
