"""Buttons, files, and what Telegram tells of chats."""

from __future__ import annotations

from typing import Any

import pytest

from domain.messages import Attachment, Kind, Place
from tests.handlers.post import GROUP, NOW, OURS, PRIVATE, ZOE, Json, Post, gist, message

FILE: Json = {"file_id": "F1", "file_unique_id": "U1", "file_size": 7}
ANIMATION: Json = {
    "animation": FILE | {"duration": 1, "width": 9, "height": 9, "mime_type": "video/mp4"},
    "document": FILE | {"mime_type": "video/mp4"},
}
WITHOUT_FILE: list[Json] = [
    {"dice": {"emoji": "🎲", "value": 3}},
    {"contact": {"phone_number": "1", "first_name": "A"}},
    {"location": {"latitude": 1.0, "longitude": 2.0}},
    {
        "sticker": FILE
        | {"type": "regular", "width": 9, "height": 9, "is_animated": True, "is_video": False}
    },
]
NOTICES: list[Json] = [
    {"new_chat_members": [ZOE]},
    {"left_chat_member": ZOE},
    {"new_chat_title": "We"},
    {"group_chat_created": True},
    {"pinned_message": message(3, GROUP, text="pinned")},
]


async def test_what_moves_without_a_sound_cannot_be_read(post: Post) -> None:
    """Though clients send it as a document, too."""
    [job] = await post.message(**ANIMATION, caption="look")
    assert ("unsupported", "look", "quick") == (job.task, job.payload.text, job.pool)
    attachment = Attachment(Kind.ANIMATION, "F1", "video/mp4", 7, 1.0)
    assert (attachment,) == job.payload.attachments


@pytest.mark.parametrize("content", WITHOUT_FILE)
async def test_whatever_a_person_sends_is_answered(post: Post, content: Json) -> None:
    """Nothing that is sent on purpose ends in silence; in a group only where we are meant."""
    assert ["unsupported"] == [job.task for job in await post.message(**content)]
    assert [] == await post.message(GROUP, **content)
    ours = message(77, GROUP, text="Bees fly.") | {"from": OURS}
    jobs = await post.message(GROUP, **content, reply_to_message=ours)
    assert ["unsupported"] == [job.task for job in jobs]


@pytest.mark.parametrize("content", NOTICES)
async def test_a_notice_is_no_question(post: Post, content: Json) -> None:
    """What Telegram itself writes into a chat is not answered."""
    assert [] == await post.message(GROUP, **content)
    assert [] == await post.message(PRIVATE, **content)


async def test_a_button_is_pressed_by_somebody(post: Post) -> None:
    """It carries its data, who pressed it, and the message that it stands under."""
    under = message(77, GROUP, text="Bees fly.") | {"from": OURS}
    query = {"id": "9", "from": ZOE, "chat_instance": "1", "message": under, "data": "again:3"}
    [job] = await post.feed(callback_query=query)
    assert ("press", "again:3") == (job.task, job.payload.text)
    assert (77, 1, Place(-5, private=False)) == (
        *(job.payload.message, job.payload.person.id, job.payload.place),
    )


async def test_a_button_under_an_old_message_still_works(post: Post) -> None:
    """Telegram gives such messages without their content."""
    under = {"message_id": 77, "date": 0, "chat": PRIVATE}
    query = {"id": "9", "from": ZOE, "chat_instance": "1", "message": under, "data": "again:3"}
    [job] = await post.feed(callback_query=query)
    assert ("press", "again:3", 77) == (job.task, job.payload.text, job.payload.message)


@pytest.mark.parametrize("lacking", ["message", "data"])
async def test_a_button_without_meaning_is_none(post: Post, lacking: str) -> None:
    """Buttons of games and of inline messages are not ours."""
    under = message(77, PRIVATE, text="Bees fly.")
    query = {"id": "9", "from": ZOE, "chat_instance": "1", "message": under, "data": "again:3"}
    query.pop(lacking)
    assert [] == await post.feed(callback_query=query)


async def test_a_button_is_as_old_as_its_press(post: Post) -> None:
    """Not as the message that it stands under."""
    under = message(77, PRIVATE, text="Bees fly.") | {"date": NOW - 90_000, "from": OURS}
    query = {"id": "9", "from": ZOE, "chat_instance": "1", "message": under, "data": "again:3"}
    assert [("press", "again:3")] == gist(await post.feed(callback_query=query))


async def test_telegrams_stop_button_stops(post: Post) -> None:
    """It names the draft that it stands under."""
    event = {"chat": PRIVATE, "draft_id": 42}
    [job] = await post.feed(stopped_message_generation=event)
    assert ("halt", "42", 1) == (job.task, job.payload.text, job.payload.person.id)


def change(chat: Json, before: Json, after: Json) -> Json:
    """Our standing in a chat has changed."""
    standing = {"user": OURS}
    return {
        "chat": chat,
        "from": ZOE,
        "date": NOW,
        "old_chat_member": standing | before,
        "new_chat_member": standing | after,
    }


MEMBER: Json = {"status": "member"}
KICKED: Json = {"status": "kicked", "until_date": 0}
LEFT: Json = {"status": "left"}


@pytest.mark.parametrize(("chat", "after"), [(PRIVATE, KICKED), (GROUP, KICKED), (GROUP, LEFT)])
async def test_who_shuts_us_out_is_left(post: Post, chat: Json, after: Json) -> None:
    """A block and a removal are the same: nobody reads there any more."""
    [job] = await post.feed(my_chat_member=change(chat, MEMBER, after))
    assert ("left", chat["id"]) == (job.task, job.payload.place.chat)


@pytest.mark.parametrize(
    ("before", "after"), [(KICKED, MEMBER), (LEFT, MEMBER), (MEMBER, MEMBER), (LEFT, KICKED)]
)
async def test_who_lets_us_in_is_not(post: Post, before: Json, after: Json) -> None:
    """Neither is a change among those who stay out."""
    assert [] == await post.feed(my_chat_member=change(GROUP, before, after))


@pytest.mark.parametrize(
    "update",
    [
        {
            "poll_answer": {
                "poll_id": "1",
                "user": ZOE,
                "option_ids": [],
                "option_persistent_ids": [],
            }
        },
        {"channel_post": message(3, {"id": -9, "type": "channel", "title": "C"}, text="hi")},
    ],
)
async def test_what_nobody_asked_for_is_passed_over(post: Post, update: dict[str, Any]) -> None:
    """Telegram may send more than it was asked for."""
    assert [] == await post.feed(**update)
