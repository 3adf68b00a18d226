"""/image, /video and /gif: what each is taken for."""

from __future__ import annotations

import pytest

from domain.messages import Kind
from tests.handlers.post import GROUP, OURS, PRIVATE, ZOE, Json, Post, message

FILE: Json = {"file_id": "F1", "file_unique_id": "U1", "file_size": 7}
PHOTO: list[Json] = [FILE | {"width": 900, "height": 900}]
VIDEO: Json = FILE | {"width": 9, "height": 9, "duration": 4, "mime_type": "video/mp4"}


@pytest.mark.parametrize(
    ("text", "task", "pool", "wanted"),
    [
        ("/image a red fox", "draw", "image", "a red fox"),
        ("/image a fox --wide --seed 7", "draw", "image", "a fox --wide --seed 7"),
        ("/video waves", "film", "video", "waves --seconds 4"),
        ("/video waves --seconds 6", "film", "video", "waves --seconds 6"),
        ("/gif waves", "film", "video", "waves --seconds 4 --gif"),
        ("/image@hearthbot_bot a fox", "draw", "image", "a fox"),
        ("/image", "unclear_draw", "quick", ""),
        ("/video --seconds 999 x", "unclear_film", "quick", "--seconds 999 x"),
        ("/video --seconds abc x", "unclear_film", "quick", "--seconds abc x"),
        ("/gif", "unclear_film", "quick", "--gif"),
    ],
)
async def test_a_command_is_an_order(
    post: Post, text: str, task: str, pool: str, wanted: str
) -> None:
    """What cannot be made becomes a word about it, at once and for nothing."""
    [job] = await post.message(text=text)
    assert (task, pool, wanted) == (job.task, job.pool, job.payload.text)


async def test_nobodys_chat_waits_for_a_picture(post: Post) -> None:
    """Each order has a lane of its own."""
    jobs = [*await post.message(text="/image a"), *await post.message(text="/image b")]
    jobs += await post.message(text="hello")
    assert 3 == len({job.lane for job in jobs})


async def test_a_photo_is_what_it_begins_from(post: Post) -> None:
    """Under it as a caption, or as a reply; a group needs nothing more than the command."""
    [under] = await post.message(photo=PHOTO, caption="/image make it winter")
    [reply] = await post.message(
        GROUP, text="/video", reply_to_message=message(5, GROUP, photo=PHOTO)
    )
    assert ("draw", "make it winter") == (under.task, under.payload.text)
    assert ("film", "--seconds 4") == (reply.task, reply.payload.text)
    for job in (under, reply):
        assert [Kind.PHOTO] == [one.kind for one in job.payload.attachments]


async def test_a_reply_to_words_draws_them(post: Post) -> None:
    """Whoever said them; words of one's own go first."""
    said = message(5, PRIVATE, text="a quiet lake")
    [job] = await post.message(text="/image", reply_to_message=said)
    [other] = await post.message(text="/image a loud lake", reply_to_message=said)
    assert ["a quiet lake", "a loud lake"] == [job.payload.text, other.payload.text]


@pytest.mark.parametrize("who", [OURS, ZOE])
async def test_gif_as_a_reply_to_a_film_is_made_of_it(post: Post, who: Json) -> None:
    """Whoever sent the film."""
    about = message(5, PRIVATE, video=VIDEO) | {"from": who}
    [job] = await post.message(text="/gif", reply_to_message=about)
    assert ("gif", "clips") == (job.task, job.pool)
    assert [Kind.VIDEO] == [one.kind for one in job.payload.attachments]
    assert (5, who is OURS) == (job.payload.about.message, job.payload.about.ours)  # type: ignore[union-attr]


async def test_gif_as_a_reply_to_a_photo_films_it(post: Post) -> None:
    """There is nothing yet that moves."""
    about = message(5, PRIVATE, photo=PHOTO)
    [job] = await post.message(text="/gif wind", reply_to_message=about)
    assert ("film", "wind --seconds 4 --gif") == (job.task, job.payload.text)
