"""Recordings: which are listened to, which only written down, and which are none of ours."""

from __future__ import annotations

import pytest

from domain.messages import Attachment, Kind
from tests.handlers.post import GROUP, OURS, Json, Post, message

FILE: Json = {"file_id": "F1", "file_unique_id": "U1", "file_size": 7}
VOICE: Json = {"voice": FILE | {"duration": 3, "mime_type": "audio/ogg"}}
FILM: Json = {"duration": 1, "width": 9, "height": 9}
SOUNDS: list[tuple[Json, Attachment]] = [
    (VOICE, Attachment(Kind.VOICE, "F1", "audio/ogg", 7, 3.0)),
    ({"audio": FILE | {"duration": 200}}, Attachment(Kind.AUDIO, "F1", "", 7, 200.0)),
    (
        {"audio": FILE | {"duration": 2, "file_name": "talk.mp3"}},
        Attachment(Kind.AUDIO, "F1", "", 7, 2.0, "talk.mp3"),
    ),
    ({"video": FILE | FILM}, Attachment(Kind.VIDEO, "F1", "", 7, 1.0)),
    ({"video_note": FILE | {"duration": 1, "length": 9}}, Attachment(Kind.VIDEO, "F1", "", 7, 1.0)),
    (
        {"document": FILE | {"mime_type": "audio/flac", "file_name": "a.flac"}},
        Attachment(Kind.AUDIO, "F1", "audio/flac", 7, name="a.flac"),
    ),
    (
        {"document": FILE | {"mime_type": "video/webm"}},
        Attachment(Kind.VIDEO, "F1", "video/webm", 7),
    ),
]


@pytest.mark.parametrize(("content", "attachment"), SOUNDS)
async def test_whatever_sounds_is_listened_to(
    post: Post, content: Json, attachment: Attachment
) -> None:
    """Voice notes, music, films and files; what stands under them is part of the question."""
    [job] = await post.message(**content, caption="What does she want?")
    assert ("hear", "hear", "What does she want?") == (job.task, job.pool, job.payload.text)
    assert (attachment,) == job.payload.attachments


async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(post: Post) -> None:
    """People speak to each other there; who replies to the bot speaks to it."""
    assert [] == await post.message(GROUP, **VOICE)
    ours = message(77, GROUP, text="Bees fly.") | {"from": OURS}
    [job] = await post.message(GROUP, **VOICE, reply_to_message=ours)
    assert "hear" == job.task
    [job] = await post.message(GROUP, **VOICE, caption="@hearthbot_bot translate it")
    assert ("hear", "translate it") == (job.task, job.payload.text)


async def test_a_chat_may_have_all_speech_written_down(post: Post) -> None:
    """Then what people say to each other is a transcript, and so is what they say to the bot."""
    await post.tastes.choose_transcribing(GROUP["id"], True)
    [overheard] = await post.message(GROUP, **VOICE)
    ours = message(77, GROUP, text="Bees fly.") | {"from": OURS}
    [meant] = await post.message(GROUP, **VOICE, reply_to_message=ours)
    assert ["transcribe", "transcribe"] == [overheard.task, meant.task]
    assert ["hear", "hear"] == [overheard.pool, meant.pool]
    assert [] == await post.message(GROUP, text="Nobody meant the bot.")


async def test_transcribe_as_a_reply_writes_that_recording_down(post: Post) -> None:
    """It is asked for where somebody else has spoken."""
    spoken = message(5, GROUP, **VOICE)
    [job] = await post.text("/transcribe", GROUP, reply_to_message=spoken)
    assert ("transcribe", "hear", "") == (job.task, job.pool, job.payload.text)
    assert [3.0] == [one.seconds for one in job.payload.attachments]


async def test_transcribe_under_a_recording_writes_it_down(post: Post) -> None:
    """The command may stand where a caption does."""
    [job] = await post.message(**VOICE, caption="/transcribe")
    assert ("transcribe", "hear") == (job.task, job.pool)


async def test_transcribe_alone_is_a_switch(post: Post) -> None:
    """It waits for nothing."""
    [job] = await post.text("/transcribe")
    assert ("transcribing", "quick") == (job.task, job.pool)


async def test_a_question_about_somebodys_recording_has_it_listened_to(post: Post) -> None:
    """By /ask anywhere, and by a mention in a group."""
    spoken = message(5, GROUP, **VOICE)
    [job] = await post.text("/ask Is he right?", GROUP, reply_to_message=spoken)
    assert ("hear", "Is he right?") == (job.task, job.payload.text)
    [job] = await post.text("@hearthbot_bot sum up", GROUP, reply_to_message=spoken)
    assert ("hear", "sum up") == (job.task, job.payload.text)
    assert ["F1"] == [one.ref for one in job.payload.attachments]


async def test_an_answer_to_ones_own_recording_is_not_listened_to_again(post: Post) -> None:
    """In a private chat the model knows what was said before."""
    spoken = message(5, {"id": 1, "type": "private", "first_name": "Zoe"}, **VOICE)
    [job] = await post.text("And in French?", reply_to_message=spoken)
    assert ("chat", ()) == (job.task, job.payload.attachments)


async def test_several_recordings_sent_at_once_are_one_question(post: Post) -> None:
    """An album of recordings is heard in its order."""
    audio = {"audio": FILE | {"duration": 2}}
    [job] = await post.message(**audio, media_group_id="9", caption="Which is better?")
    assert [] == await post.message(
        audio=FILE | {"duration": 4, "file_id": "F2"}, media_group_id="9"
    )
    found = await post.ground.jobs.get(job.id)
    assert found is not None
    assert ["F1", "F2"] == [one.ref for one in found.job.payload.attachments]
