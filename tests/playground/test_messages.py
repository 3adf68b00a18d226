"""Messages come, change, go, and are passed on as in Telegram."""

from itertools import pairwise

import pytest

from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.telegram import Person, Record

WORKSHOP = -1001000000001


async def test_private_chats_and_groups_share_one_row_of_numbers(
    play: Playground, bot: BotSide, ann: Person
) -> None:
    """Numbers grow by one over all private chats and small groups; a supergroup has its own."""
    async with Person(play.url, 2) as oksana, Person(play.url, 1, -100) as family:
        numbers = [
            (await oksana.send("a"))["message_id"],
            (await family.send("b"))["message_id"],
            (await bot.do("sendMessage", chat_id=2, text="c"))["message_id"],
            (await ann.send("d"))["message_id"],
        ]
    async with Person(play.url, 1, WORKSHOP) as workshop:
        own = (await workshop.send("e"))["message_id"]
    assert all(after - before == 1 for before, after in pairwise(numbers))
    assert 3 == own


async def test_text_is_cleaned_and_trimmed(bot: BotSide, ann: Person) -> None:
    """Control characters become spaces and blanks at the ends go, unless they are marked."""
    sent = await bot.do("sendMessage", chat_id=1, text=" \n a\tb\r\n ")
    assert "a b" == sent["text"]
    marked = await bot.do("sendMessage", chat_id=1, text="<b> a</b> ", parse_mode="HTML")
    assert " a" == marked["text"]


async def test_what_everybody_sees_is_found(bot: BotSide, ann: Person) -> None:
    """Links, mentions, commands, tags and addresses become entities, but not inside code."""
    text = "/go@abc_bot see https://x.org/a, me@x.org @ann_ann #tag $USD"
    sent = await bot.do("sendMessage", chat_id=1, text=text)
    kinds = [entity["type"] for entity in sent["entities"]]
    assert ["bot_command", "url", "email", "mention", "hashtag", "cashtag"] == kinds
    coded = await bot.do("sendMessage", chat_id=1, text="<code>/no</code>", parse_mode="HTML")
    assert ["code"] == [entity["type"] for entity in coded["entities"]]


async def test_a_link_ends_before_the_punctuation(bot: BotSide, ann: Person) -> None:
    """The comma after an address is not part of it."""
    sent = await bot.do("sendMessage", chat_id=1, text="see https://x.org/a, then")
    assert [{"type": "url", "offset": 4, "length": 15}] == sent["entities"]


async def test_a_mention_of_somebody_known_names_them(bot: BotSide, ann: Person) -> None:
    """A link to a user becomes a mention with the user; a stranger is not mentioned."""
    text = '<a href="tg://user?id=1">you</a> <a href="tg://user?id=99">who</a>'
    sent = await bot.do("sendMessage", chat_id=1, text=text, parse_mode="HTML")
    assert [("text_mention", "Ann")] == [
        (entity["type"], entity["user"]["first_name"]) for entity in sent["entities"]
    ]


async def test_a_long_text_is_split_as_by_the_apps(bot: BotSide, ann: Person) -> None:
    """A person's long text comes as several messages that together are the text."""
    words = " ".join(str(number) for number in range(3000))
    answer = await ann.act("send", text=words)
    parts = [message["text"] for message in answer["messages"]]
    assert words == " ".join(parts)
    assert all(len(part) <= 4096 for part in parts)
    refused = await bot.http.post("/play/send", json={"user_id": 1, "text": words, "split": False})
    assert 400 == refused.status_code


async def test_an_edit_by_a_person_reaches_the_bot(bot: BotSide, ann: Person) -> None:
    """The bot gets the whole message with its new text and the time of the change."""
    message = await ann.send("helo")
    await ann.edit(message, "hello")
    edited = (await bot.updates())[-1]["edited_message"]
    assert (message["message_id"], "hello") == (edited["message_id"], edited["text"])
    assert edited["edit_date"] >= message["date"]


async def test_a_button_is_pressed_and_answered_once(bot: BotSide, ann: Person) -> None:
    """The bot gets the query with its message, the person gets the answer."""
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await bot.do("sendMessage", chat_id=1, text="?", reply_markup=markup)
    number = await ann.press(sent, "Yes")
    query = (await bot.updates())[-1]["callback_query"]
    assert (number, "y", sent["message_id"]) == (
        query["id"],
        query["data"],
        query["message"]["message_id"],
    )
    assert query["chat_instance"]
    await bot.do("answerCallbackQuery", callback_query_id=number, text="Thanks", show_alert=True)
    answer = await ann.wait_event(lambda e: bool(e["type"] == "callback_answer"))
    assert (number, "Thanks", True) == (
        answer["callback_query_id"],
        answer["text"],
        answer["show_alert"],
    )
    words = await bot.refused("answerCallbackQuery", callback_query_id=number)
    assert words.endswith("query is too old and response timeout expired or query ID is invalid")


async def test_an_old_query_cannot_be_answered(bot: BotSide, ann: Person) -> None:
    """After its time a query is refused, and it is no update any more."""
    await ann.act("options", query_seconds=0)
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await bot.do("sendMessage", chat_id=1, text="?", reply_markup=markup)
    number = await ann.press(sent, "y")
    assert "callback_query" not in (await bot.updates())[-1]
    assert "query is too old" in await bot.refused("answerCallbackQuery", callback_query_id=number)


async def test_a_reply_keyboard_is_seen_by_people_only(bot: BotSide, ann: Person) -> None:
    """The bot gets its message back without the keyboard, the person can press it."""
    markup = {"keyboard": [["Tea", {"text": "Coffee"}]]}
    sent = await bot.do("sendMessage", chat_id=1, text="?", reply_markup=markup)
    seen = await ann.wait_reply()
    assert "reply_markup" not in sent
    assert "Coffee" == seen["reply_markup"]["keyboard"][0][1]["text"]
    await ann.press(seen, "Tea")
    assert "Tea" == (await bot.updates())[-1]["message"]["text"]


async def test_a_reply_shows_what_it_answers_one_deep(bot: BotSide, ann: Person) -> None:
    """A reply to a reply holds the reply, but not what that was an answer to."""
    first = await ann.send("first")
    reply = {"message_id": first["message_id"]}
    second = await bot.do("sendMessage", chat_id=1, text="second", reply_parameters=reply)
    third = await ann.send("third", reply_to_message_id=second["message_id"])
    assert "first" == second["reply_to_message"]["text"]
    assert "second" == third["reply_to_message"]["text"]
    assert "reply_to_message" not in third["reply_to_message"]


async def test_messages_are_copied_forwarded_and_deleted(bot: BotSide, ann: Person) -> None:
    """A copy has no origin, a forward has, and what is deleted is gone for all."""
    message = await ann.send("pass it on")
    where = {"chat_id": -100, "from_chat_id": 1}
    number = message["message_id"]
    copy = await bot.do("copyMessage", **where, message_id=number)
    forward = await bot.do("forwardMessage", **where, message_id=number)
    many = await bot.do("copyMessages", **where, message_ids=[number, 999])
    assert "Ann" == forward["forward_origin"]["sender_user"]["first_name"]
    assert ["message_id"] == list(copy)
    assert 1 == len(many)
    assert await bot.do("deleteMessages", chat_id=-100, message_ids=[copy["message_id"], 999])
    left = (await ann.look("messages", chat_id=-100))["messages"]
    assert [forward["message_id"], many[0]["message_id"]] == [m["message_id"] for m in left]


async def test_the_bot_may_delete_in_private_but_not_others_words_in_groups(
    play: Playground, bot: BotSide, ann: Person
) -> None:
    """In a group the bot that runs nothing deletes only its own."""
    mine = await ann.send("private")
    assert await bot.do("deleteMessage", chat_id=1, message_id=mine["message_id"])
    async with Person(play.url, 1, -100) as family:
        theirs = await family.send("public")
    words = await bot.refused("deleteMessage", chat_id=-100, message_id=theirs["message_id"])
    assert "Bad Request: message can't be deleted for everyone" == words


async def test_topics_carry_their_messages(play: Playground, bot: BotSide, ann: Person) -> None:
    """A message into a topic says so, a reply stays in the topic, the general one is not named."""
    topic = await bot.do("createForumTopic", chat_id=WORKSHOP, name="Saws")
    number = topic["message_thread_id"]
    async with Person(play.url, 1, WORKSHOP) as person:
        asked = await person.send("which?", message_thread_id=number)
        general = await person.send("hi all", message_thread_id=1)
    assert (number, True) == (asked["message_thread_id"], asked["is_topic_message"])
    assert "message_thread_id" not in general
    reply = {"message_id": asked["message_id"]}
    answer = await bot.do("sendMessage", chat_id=WORKSHOP, text="this", reply_parameters=reply)
    assert number == answer["message_thread_id"]
    words = await bot.refused("sendMessage", chat_id=WORKSHOP, message_thread_id=1, text="all")
    assert "Bad Request: message thread not found" == words
    assert await bot.do("closeForumTopic", chat_id=WORKSHOP, message_thread_id=number)
    words = await bot.refused(
        "sendMessage", chat_id=WORKSHOP, message_thread_id=number, text="closed?"
    )
    assert "Bad Request: TOPIC_CLOSED" == words


async def test_commands_are_kept_by_scope_and_language(bot: BotSide, ann: Person) -> None:
    """What is set for one scope and language is not given for another."""
    commands = [{"command": "help", "description": "Помощь"}]
    await bot.do("setMyCommands", commands=commands, language_code="ru")
    assert commands == await bot.do("getMyCommands", language_code="ru")
    assert [] == await bot.do("getMyCommands")
    listed = (await ann.look("state"))["bot"]["commands"]
    assert [{"scope": {"type": "default"}, "language_code": "ru", "commands": commands}] == listed
    await bot.do("deleteMyCommands", language_code="ru")
    assert [] == await bot.do("getMyCommands", language_code="ru")


@pytest.mark.parametrize("what", ["name", "description", "short_description"])
async def test_texts_about_the_bot_fall_back_to_the_one_for_all(bot: BotSide, what: str) -> None:
    """A language without a text of its own gets the common one."""
    title = what.title().replace("_", "")
    await bot.do(f"setMy{title}", **{what: "common"})
    await bot.do(f"setMy{title}", **{what: "спільний"}, language_code="uk")
    assert {what: "спільний"} == await bot.do(f"getMy{title}", language_code="uk")
    assert {what: "common"} == await bot.do(f"getMy{title}", language_code="ru")


async def test_an_inline_query_is_answered(bot: BotSide, ann: Person) -> None:
    """The bot gets the query, the person gets the results."""
    number = (await ann.act("inline", query="cats"))["inline_query_id"]
    query = (await bot.updates())[-1]["inline_query"]
    assert (number, "cats") == (query["id"], query["query"])
    result = {"type": "article", "id": "1", "title": "Cat"}
    await bot.do("answerInlineQuery", inline_query_id=number, results=[result])
    event = await ann.wait_event(lambda e: bool(e["type"] == "inline_results"))
    assert [result] == event["results"]


async def test_the_clock_can_be_moved(bot: BotSide, ann: Person) -> None:
    """Messages carry the moved time."""
    before = await ann.send("now")
    await ann.act("options", clock_offset=3600)
    after = await ann.send("in an hour")
    assert 3600 <= after["date"] - before["date"] <= 3610


async def test_a_rich_message_keeps_its_source_and_can_be_edited(bot: BotSide, ann: Person) -> None:
    """The page gets the Markdown as given, the bot gets blocks; an edit replaces both."""
    sent = await bot.do("sendRichMessage", chat_id=1, rich_message={"markdown": "# A\n\nb"})
    assert "# A\n\nb" == sent["rich_message"]["markdown"]
    assert ["# A", "b"] == [block["text"] for block in sent["rich_message"]["blocks"]]
    new = {"html": "<h1>A</h1>"}
    where = {"chat_id": 1, "message_id": sent["message_id"]}
    edited = await bot.do("editMessageText", **where, rich_message=new)
    assert "<h1>A</h1>" == edited["rich_message"]["html"]
    assert "text" in await bot.do("editMessageText", **where, text="plain again")


async def test_a_poll_is_sent_and_closed(bot: BotSide, ann: Person) -> None:
    """A closed poll stays closed."""
    sent = await bot.do("sendPoll", chat_id=1, question="Tea?", options=["yes", {"text": "no"}])
    where = {"chat_id": 1, "message_id": sent["message_id"]}
    assert (await bot.do("stopPoll", **where))["is_closed"]
    assert "Bad Request: poll has already been closed" == await bot.refused("stopPoll", **where)


async def test_pinned_messages_are_told_with_the_chat(bot: BotSide, ann: Person) -> None:
    """The newest pinned message is part of the chat until it is unpinned."""
    sent = await bot.do("sendMessage", chat_id=1, text="rules")
    await bot.do("pinChatMessage", chat_id=1, message_id=sent["message_id"])
    pinned: Record = (await bot.do("getChat", chat_id=1))["pinned_message"]
    assert "rules" == pinned["text"]
    await bot.do("unpinChatMessage", chat_id=1)
    assert "pinned_message" not in await bot.do("getChat", chat_id=1)
