"""People act as in their apps, and only as far as their apps let them."""

from typing import Any

import pytest

from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.playground.test_files import png
from tests.telegram import Person

Record = dict[str, Any]
WORKSHOP = -1001000000001


async def test_what_is_no_text_is_passed_on(bot: BotSide, ann: Person) -> None:
    """Contacts, places and the like arrive as they were given."""
    contact = {"phone_number": "+1", "first_name": "Zoe"}
    await ann.send(contact=contact)
    await ann.send(location={"latitude": 1.5, "longitude": 2.5})
    first, second = (update["message"] for update in (await bot.updates())[-2:])
    assert contact == first["contact"]
    assert {"latitude": 1.5, "longitude": 2.5} == second["location"]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (2, {"type": "user", "name": "Oksana"}),
        ("Nobody", {"type": "hidden_user", "name": "Nobody"}),
        ({"id": 9, "is_bot": False, "first_name": "Zoe"}, {"type": "user", "name": "Zoe"}),
    ],
)
async def test_a_forward_names_its_origin(
    bot: BotSide, ann: Person, origin: Any, expected: Record
) -> None:
    """Somebody known, somebody described, or just a name."""
    sent = await ann.send("as they say", forward_from=origin)
    told = sent["forward_origin"]
    name = told.get("sender_user_name") or told["sender_user"]["first_name"]
    assert expected == {"type": told["type"], "name": name}


async def test_the_date_can_be_chosen(bot: BotSide, ann: Person) -> None:
    """A message from the past says so."""
    assert 1_600_000_000 == (await ann.send("old", date=1_600_000_000))["date"]


async def test_captions_are_edited_too(bot: BotSide, ann: Person) -> None:
    """The bot gets the picture with its new words."""
    sent = await ann.attach("photo", png(10, 10), name="a.png", caption="old")
    await ann.edit(sent, "new")
    edited = (await bot.updates())[-1]["edited_message"]
    assert "new" == edited["caption"]
    assert sent["photo"] == edited["photo"]


async def test_an_album_of_a_person_shares_its_group(bot: BotSide, ann: Person) -> None:
    """Pictures sent with the same group belong together."""
    for name in ("a.png", "b.png"):
        await ann.attach("photo", png(10, 10), name=name, media_group_id="7")
    groups = [update["message"]["media_group_id"] for update in (await bot.updates())[-2:]]
    assert ["7", "7"] == groups


async def test_channels_have_posts(bot: BotSide, ann: Person) -> None:
    """What is written in a channel is another kind of update."""
    made = await ann.act("chats", type="channel", title="News", members=[1])
    async with Person(str(bot.http.base_url), 1, made["chat"]["id"]) as editor:
        post = await editor.send("news")
        await editor.edit(post, "better news")
    kinds = [set(update) - {"update_id"} for update in (await bot.updates())[-2:]]
    assert [{"channel_post"}, {"edited_channel_post"}] == kinds


async def test_a_reaction_is_shown_with_the_message(bot: BotSide, ann: Person) -> None:
    """The page sees who reacted with what; taking it off is seen as well."""
    sent = await bot.do("sendMessage", chat_id=1, text="joke")
    reaction = [{"type": "emoji", "emoji": "👍"}]
    await bot.do("setMessageReaction", chat_id=1, message_id=1, reaction=reaction)
    await ann.act("react", message_id=sent["message_id"], emoji="🤣")
    first, second = await ann.messages()
    assert [{"user_id": 1000, **reaction[0]}] == first["reactions"]
    assert [{"user_id": 1, "type": "emoji", "emoji": "🤣"}] == second["reactions"]
    await ann.act("react", message_id=sent["message_id"], emoji="")
    assert "reactions" not in (await ann.messages())[-1]


async def test_older_messages_are_listed_page_by_page(bot: BotSide, ann: Person) -> None:
    """The newest come first, and what lies before them is asked for by number."""
    for number in range(5):
        await ann.send(str(number))
    page = (await ann.look("messages", chat_id=1, limit=2))["messages"]
    older = await ann.look("messages", chat_id=1, limit=2, before=page[0]["message_id"])
    assert ["3", "4"] == [message["text"] for message in page]
    assert ["1", "2"] == [message["text"] for message in older["messages"]]


ACTS: list[tuple[str, Record, str]] = [
    ("send", {"text": " "}, "There is nothing to send: no text and no attachment."),
    ("send", {"text": "x", "message_thread_id": 9}, "There is no topic 9 in this chat."),
    ("send", {"text": "x", "reply_to_message_id": 9}, "There is no message 9 in this chat."),
    ("send", {"text": "x", "date": "today"}, "A date is a whole number of seconds"),
    ("send", {"text": "x", "user_id": 99}, "There is no user 99."),
    ("send", {"text": "x", "chat_id": 99}, "There is no chat 99."),
    ("edit", {"text": "x", "message_id": 2}, "People edit only their own messages."),
    ("press", {"message_id": 2, "data": "x"}, "There is no button with the data 'x'"),
    ("users", {}, "A person needs a first_name."),
    ("users", {"id": 1, "first_name": "x"}, "The user id 1 is taken or impossible."),
    ("chats", {"type": "club", "title": "x"}, "A chat needs a title and the type group"),
    ("chats", {"type": "group", "title": "x", "id": -100}, "The chat id -100 is taken"),
    ("options", {"flood": 5}, "The option 'flood' wants an object or null, not 5."),
]


@pytest.mark.parametrize(("what", "fields", "sentence"), ACTS, ids=[s for _, _, s in ACTS])
async def test_impossible_acts_are_refused_with_a_sentence(
    bot: BotSide, ann: Person, what: str, fields: Record, sentence: str
) -> None:
    """Each refusal says what is wrong."""
    await bot.do("sendMessage", chat_id=1, text="mine")
    answer = await bot.http.post(f"/play/{what}", json={"user_id": 1, "chat_id": 1} | fields)
    assert answer.status_code in (400, 404)
    assert sentence in answer.json()["error"]


@pytest.mark.parametrize("path", ["messages?chat_id=x", "messages?chat_id=99", "events?since=x"])
async def test_impossible_looks_are_refused(bot: BotSide, path: str) -> None:
    """A number that is none, or of nothing, is told."""
    answer = await bot.http.get(f"/play/{path}")
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]


@pytest.mark.parametrize("content", ["{", "[]", '{"message": "x"}'])
async def test_broken_bodies_are_refused(bot: BotSide, content: str) -> None:
    """What is no JSON object is no act."""
    headers = {"Content-Type": "application/json"}
    answer = await bot.http.post("/play/send", content=content, headers=headers)
    assert 400 == answer.status_code


async def test_a_message_takes_one_file_of_a_known_kind(bot: BotSide, ann: Person) -> None:
    """Two files, or one of a kind that there is not, are refused."""
    two = {"photo": ("a.png", png(9, 9)), "voice": ("a.ogg", b"x")}
    form = {"message": '{"user_id": 1}'}
    answers = [
        await bot.http.post("/play/send", data=form, files=two),
        await bot.http.post("/play/send", data=form, files={"smell": ("a", b"x")}),
    ]
    assert [400, 400] == [answer.status_code for answer in answers]


async def test_topics_are_renamed_reopened_and_deleted(
    play: Playground, bot: BotSide, ann: Person
) -> None:
    """What was said in a deleted topic is gone with it."""
    where = {"chat_id": WORKSHOP, "message_thread_id": 2}
    await bot.do("editForumTopic", **where, name="Schemes")
    await bot.do("closeForumTopic", **where)
    await bot.do("reopenForumTopic", **where)
    sent = await bot.do("sendMessage", **where, text="gone soon")
    await bot.do("pinChatMessage", chat_id=WORKSHOP, message_id=sent["message_id"])
    await bot.do("unpinAllForumTopicMessages", **where)
    assert [] == await bot.do("getForumTopicIconStickers")
    workshop = (await ann.look("state"))["chats"][-1]
    assert {"id": 2, "name": "Schemes"} in workshop["topics"]
    await bot.do("deleteForumTopic", **where)
    assert [] == (await ann.look("messages", chat_id=WORKSHOP))["messages"]
