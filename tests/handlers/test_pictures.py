"""Pictures: what is looked at, and what a question about one becomes."""

from __future__ import annotations

import pytest

from domain.messages import Attachment, Kind
from tests.handlers.post import GROUP, OURS, PRIVATE, Json, Post, message

FILE: Json = {"file_id": "F1", "file_unique_id": "U1", "file_size": 7}
PHOTO: list[Json] = [
    FILE | {"file_id": "small", "width": 90, "height": 90},
    FILE | {"file_id": "large", "width": 900, "height": 900},
]
STICKER: Json = FILE | {"type": "regular", "width": 9, "height": 9}
PICTURES: list[tuple[Json, Attachment]] = [
    ({"photo": PHOTO}, Attachment(Kind.PHOTO, "large", "image/jpeg", 7)),
    (
        {"document": FILE | {"mime_type": "image/heic", "file_name": "a.heic"}},
        Attachment(Kind.PHOTO, "F1", "image/heic", 7, name="a.heic"),
    ),
    (
        {"sticker": STICKER | {"is_animated": False, "is_video": False}},
        Attachment(Kind.PHOTO, "F1", "image/webp", 7),
    ),
]


@pytest.mark.parametrize(("content", "attachment"), PICTURES)
async def test_whatever_can_be_seen_is_looked_at(
    post: Post, content: Json, attachment: Attachment
) -> None:
    """Photos, pictures sent as files, stickers that stand still; the caption is the question."""
    [job] = await post.message(**content, caption="Who is it?")
    assert ("look", "vision", "Who is it?") == (job.task, job.pool, job.payload.text)
    assert (attachment,) == job.payload.attachments


@pytest.mark.parametrize("moves", ["is_animated", "is_video"])
async def test_what_moves_is_no_picture(post: Post, moves: str) -> None:
    """A sticker that moves is said to be unreadable."""
    still = {"is_animated": False, "is_video": False}
    [job] = await post.message(sticker=STICKER | still | {moves: True})
    assert "unsupported" == job.task


async def test_an_album_is_one_question(post: Post) -> None:
    """Its photos come as messages of their own, and get one answer."""
    [job] = await post.message(photo=PHOTO, media_group_id="77")
    assert [] == await post.message(photo=PHOTO, media_group_id="77", caption="look")
    found = await post.ground.jobs.get(job.id)
    assert found is not None
    assert ("look", 2) == (found.job.payload.text, len(found.job.payload.attachments))


async def test_films_of_an_album_are_listened_to(post: Post) -> None:
    """They are another question: nothing of an album is passed over."""
    [photo] = await post.message(photo=PHOTO, media_group_id="77")
    film = FILE | {"duration": 1, "width": 9, "height": 9}
    [video] = await post.message(video=film, media_group_id="77")
    assert ["look", "hear"] == [photo.task, video.task]


async def test_a_question_about_an_old_photo_has_it_looked_at_again(post: Post) -> None:
    """As a reply, in a private chat and in a group, and by /ask."""
    for chat, text in ((PRIVATE, "And the hat?"), (GROUP, "@hearthbot_bot And the hat?")):
        old = message(5, chat, photo=PHOTO)
        [job] = await post.text(text, chat, reply_to_message=old)
        assert ("look", "And the hat?") == (job.task, job.payload.text)
        assert ["large"] == [one.ref for one in job.payload.attachments]
    [job] = await post.text("/ask And?", GROUP, reply_to_message=message(5, GROUP, photo=PHOTO))
    assert ("look", "And?") == (job.task, job.payload.text)
    [job] = await post.message(GROUP, photo=PHOTO, caption="/ask what is this?")
    assert ("look", "what is this?") == (job.task, job.payload.text)


async def test_in_a_group_only_what_is_meant_for_the_bot_is_looked_at(post: Post) -> None:
    """People show each other their cats."""
    assert [] == await post.message(GROUP, photo=PHOTO)
    ours = message(77, GROUP, text="Bees fly.") | {"from": OURS}
    [job] = await post.message(GROUP, photo=PHOTO, reply_to_message=ours)
    assert "look" == job.task
