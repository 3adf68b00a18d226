"""Texts and commands: what becomes a question, what a command, and what nothing at all."""

from __future__ import annotations

import pytest

from domain.messages import Incoming, Person, Place, Quote
from tests.handlers.post import FORUM, GROUP, NOW, OURS, PRIVATE, ZOE, Post, gist, message


async def test_a_text_is_a_question(post: Post) -> None:
    """It carries who said it, where, and nothing of Telegram."""
    [job] = await post.text("Why do bees fly?")
    assert ("chat", "1") == (job.task, job.lane)
    said = job.payload
    expected = Incoming(Place(1), said.message, Person(1, "Zoe", "uk"), "Why do bees fly?")
    assert expected == said


@pytest.mark.parametrize("name", ["start", "help", "stop", "status", "model", "language", "quota"])
async def test_a_command_is_done_at_once(post: Post, name: str) -> None:
    """In a lane of its own, whatever else runs; what stands behind it is passed on."""
    [job] = await post.text(f"/{name} please")
    assert (name, "please", "quick") == (job.task, job.payload.text, job.pool)
    assert job.lane.startswith("1!")


async def test_new_waits_for_its_turn(post: Post) -> None:
    """It stands in the lane, behind what was asked before."""
    [job] = await post.text("/new")
    assert ("new", "1", "quick") == (job.task, job.lane, job.pool)


async def test_ask_is_a_question(post: Post) -> None:
    """What stands behind the command is asked, in its turn."""
    [job] = await post.text("/ask why?", GROUP)
    assert ("chat", "why?", "-5", "chat/fast") == (job.task, job.payload.text, job.lane, job.pool)


async def test_ask_alone_is_asked_what_it_wants(post: Post) -> None:
    """An empty question is answered at once."""
    assert [("empty", "")] == gist(await post.text("/ask"))


async def test_ask_may_be_about_another_message(post: Post) -> None:
    """A reply needs no words of its own."""
    about = message(77, GROUP, text="E = mc²")
    [job] = await post.text("/ask", GROUP, reply_to_message=about)
    assert ("chat", Quote(77, "E = mc²", ours=False, author=1)) == (job.task, job.payload.about)


async def test_a_command_for_us_by_name_is_ours(post: Post) -> None:
    """In groups clients write the name behind the command, in any case."""
    assert [("status", "")] == gist(await post.text("/status@hearthbot_bot", GROUP))
    assert [("chat", "why")] == gist(await post.text("/ask@HearthBot_Bot why", GROUP))


async def test_a_command_for_another_bot_is_not(post: Post) -> None:
    """Several bots live in one group."""
    assert [] == await post.text("/status@other_bot", GROUP)
    assert [] == await post.text("/foreign@other_bot do it", GROUP)


async def test_a_telephone_writes_capital_letters(post: Post) -> None:
    """They do it at the beginning of a line; it is the same command."""
    assert [("help", "")] == gist(await post.text("/Help"))


async def test_a_command_that_nobody_knows_is_answered_where_it_is_ours(post: Post) -> None:
    """In a group it may be meant for another bot, unless it says our name."""
    assert [("unknown", "/dance now")] == gist(await post.text("/dance now"))
    assert [] == await post.text("/dance now", GROUP)
    named = "/dance@hearthbot_bot now"
    assert [("unknown", named)] == gist(await post.text(named, GROUP))


async def test_words_behind_a_command_may_have_lines(post: Post) -> None:
    """All of them are asked."""
    assert [("chat", "why?\n\nhow?")] == gist(await post.text("/ask\nwhy?\n\nhow? "))


@pytest.mark.parametrize(
    "text",
    ["/usr/bin/env is what?", "/etc/hosts", "/ what is this?", "//", "/usr/bin", "/?", "1/2"],
)
async def test_a_path_is_no_command(post: Post, text: str) -> None:
    """A stroke begins many things that one may ask about."""
    assert [("chat", text)] == gist(await post.text(text, entities=[]))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("@hearthbot_bot why?", "why?"),
        ("why, @HearthBot_bot?", "why, ?"),
        ("tell us @hearthbot_bot, why", "tell us why"),
        ("@hearthbot_bot: why?", "why?"),
    ],
)
async def test_a_mention_makes_a_text_ours(post: Post, text: str, asked: str) -> None:
    """The question is what remains without the name."""
    assert [("chat", asked)] == gist(await post.text(text, GROUP))


@pytest.mark.parametrize(
    "text", ["why?", "@hearthbot_bots why?", "me@hearthbot_bot.example", "@other_bot why?"]
)
async def test_talk_among_people_is_not_ours(post: Post, text: str) -> None:
    """Neither is what only looks like our name."""
    assert [] == await post.text(text, GROUP)


async def test_a_bare_mention_is_asked_what_it_wants(post: Post) -> None:
    """Nobody is left without an answer."""
    assert [("empty", "")] == gist(await post.text("@hearthbot_bot", GROUP))


async def test_a_reply_to_us_is_ours(post: Post) -> None:
    """It carries what it is about."""
    about = message(77, GROUP, text="Bees fly.") | {"from": OURS}
    [job] = await post.text("why?", GROUP, reply_to_message=about)
    assert ("chat", Quote(77, "Bees fly.", ours=True)) == (job.task, job.payload.about)


async def test_a_reply_to_somebody_else_is_not(post: Post) -> None:
    """People answer each other, and other bots."""
    for writer in (ZOE, OURS | {"id": 2000, "username": "other_bot"}):
        about = message(77, GROUP, text="Bees fly.") | {"from": writer}
        assert [] == await post.text("why?", GROUP, reply_to_message=about)


async def test_a_mention_about_a_message_is_about_it(post: Post) -> None:
    """Of a quote only what was picked counts."""
    about = message(77, GROUP, text="Bees fly. Ants walk.")
    quoted = {"text": "Ants walk.", "position": 10}
    [job] = await post.text("@hearthbot_bot why?", GROUP, reply_to_message=about, quote=quoted)
    assert Quote(77, "Ants walk.", ours=False, author=1) == job.payload.about


async def test_a_topic_is_a_lane_of_its_own(post: Post) -> None:
    """A message in a forum answers its topic's first message, which is no quote."""
    created = message(9, FORUM, forum_topic_created={"name": "Plans", "icon_color": 1})
    where = {"message_thread_id": 9, "is_topic_message": True, "reply_to_message": created}
    [job] = await post.text("/ask why?", FORUM, **where)
    assert ("-1007:9", Place(-1007, 9, private=False)) == (job.lane, job.payload.place)
    assert job.payload.about is None


async def test_a_thread_of_replies_is_no_topic(post: Post) -> None:
    """Supergroups number threads of replies, too; the conversation is the group's."""
    [job] = await post.text("/ask why?", FORUM, message_thread_id=9)
    assert "-1007" == job.lane


async def test_who_hides_behind_a_group_is_that_group(post: Post) -> None:
    """Anonymous administrators and channels have no number of their own."""
    anonymous = {"message_id": 5, "date": NOW, "chat": GROUP, "sender_chat": GROUP}
    [job] = await post.feed(message=anonymous | {"text": "@hearthbot_bot why?"})
    assert Person(-5, "", "en") == job.payload.person


async def test_an_edited_question_is_an_edit(post: Post) -> None:
    """It says what it reads now, at once."""
    edited = message(77, PRIVATE, text="3 + 3?", edit_date=NOW + 9)
    [job] = await post.feed(edited_message=edited)
    assert ("edited", "3 + 3?", 77) == (job.task, job.payload.text, job.payload.message)
    assert job.lane.startswith("1!")


async def test_an_edit_in_a_group_is_ours_only_with_our_name(post: Post) -> None:
    """Our name is taken off as it was when it was asked."""
    edited = message(77, GROUP, text="@hearthbot_bot 3 + 3?", edit_date=NOW)
    assert [("edited", "3 + 3?")] == gist(await post.feed(edited_message=edited))
    assert [] == await post.feed(edited_message=message(78, GROUP, text="hi", edit_date=NOW))


async def test_an_edit_counts_from_when_it_was_edited(post: Post) -> None:
    """A question of yesterday may be corrected today."""
    old = message(77, PRIVATE, text="3 + 3?") | {"date": NOW - 90_000, "edit_date": NOW}
    assert [("edited", "3 + 3?")] == gist(await post.feed(edited_message=old))
    assert ["apologise"] == [job.task for job in await post.message(date=NOW - 90_000, text="hi")]


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("/ask why not?", [("edited", "why not?")]),
        ("/usr/bin is what?", [("edited", "/usr/bin is what?")]),
        ("/stop", []),
    ],
)
async def test_a_question_behind_a_command_can_be_edited(
    post: Post, text: str, becomes: list[tuple[str, str]]
) -> None:
    """A command that was done is done."""
    edited = message(77, PRIVATE, text=text, edit_date=NOW)
    assert becomes == gist(await post.feed(edited_message=edited))


async def test_a_gift_may_name_somebody_by_a_reply(post: Post) -> None:
    """Whoever wrote that message; no bot, and nobody who hides behind a group."""
    about = message(77, GROUP, text="More, please!")
    for writer, expected in ((ZOE, 1), (OURS, 0), (None, 0)):
        replied = {key: value for key, value in about.items() if key != "from"}
        replied |= {"from": writer} if writer else {"sender_chat": GROUP}
        [job] = await post.text("/grant 3 videos", GROUP, reply_to_message=replied)
        assert ("grant", "3 videos", "quick") == (job.task, job.payload.text, job.pool)
        assert job.payload.about is not None
        assert expected == job.payload.about.author


def test_what_was_stored_before_authors_were_is_still_read() -> None:
    """A job that waits while the program is brought to a newer version."""
    said = Incoming(Place(1), 5, Person(1, "Zoe", "uk"), "why?", about=Quote(77, "hm", ours=False))
    stored = said.to_json()
    assert ',"author":0' in stored
    assert said == Incoming.from_json(stored.replace(',"author":0', ""))
