"""Documents: what is read, and what a question about one becomes."""

from __future__ import annotations

from domain.messages import Attachment, Kind
from tests.handlers.post import GROUP, OURS, PRIVATE, Json, Post, message

LETTER: Json = {
    "document": {
        "file_id": "F1",
        "file_unique_id": "U1",
        "file_size": 7,
        "mime_type": "application/pdf",
        "file_name": "letter.pdf",
    }
}


async def test_a_document_is_read(post: Post) -> None:
    """The caption is the question; what it replies to is another matter."""
    about = message(5, PRIVATE, text="Here you are.")
    [job] = await post.message(**LETTER, caption="What do they want?", reply_to_message=about)
    assert ("read", "read", "What do they want?") == (job.task, job.pool, job.payload.text)
    letter = Attachment(Kind.DOCUMENT, "F1", "application/pdf", 7, name="letter.pdf")
    assert (letter,) == job.payload.attachments
    assert job.payload.about is None


async def test_a_reply_to_a_document_is_a_question_about_it(post: Post) -> None:
    """In a private chat, in a group, and by /ask."""
    for chat, text in ((PRIVATE, "Who signed?"), (GROUP, "@hearthbot_bot Who signed?")):
        old = message(5, chat, **LETTER)
        [job] = await post.text(text, chat, reply_to_message=old)
        assert ("read", "Who signed?") == (job.task, job.payload.text)
        assert job.payload.about is not None
        assert 5 == job.payload.about.message
    [job] = await post.text("/ask And?", GROUP, reply_to_message=message(5, GROUP, **LETTER))
    assert ("read", "And?") == (job.task, job.payload.text)


async def test_summarize_is_about_a_document_or_a_message(post: Post) -> None:
    """Under it, as a reply to it, or about the one that is being spoken of."""
    [job] = await post.message(**LETTER, caption="/summarize")
    assert ("read", "") == (job.task, job.payload.text)
    [job] = await post.text("/summarize", reply_to_message=message(5, PRIVATE, **LETTER))
    assert ("read", "", 1) == (job.task, job.payload.text, len(job.payload.attachments))
    [job] = await post.text("/summarize", reply_to_message=message(6, PRIVATE, text="Long."))
    assert "chat" == job.task
    assert job.payload.text.startswith("Sum up the message above")
    [job] = await post.text("/summarise")
    assert "summarise" == job.task


async def test_summarize_takes_a_link(post: Post) -> None:
    """Behind the command, or as what it replies to; it is read as a document is."""
    link = "https://example.com/bees/hive.html"
    page = Attachment(Kind.DOCUMENT, link, "", 0, name="/bees/hive.html")
    about = message(6, PRIVATE, text=f"See {link}")
    [job] = await post.text(f"/summarize {link}.", reply_to_message=message(7, PRIVATE, text="Hm"))
    assert ("read", "", (page,)) == (job.task, job.payload.text, job.payload.attachments)
    assert job.payload.about is None
    [job] = await post.text("/summarize", reply_to_message=about)
    assert ("read", "", (page,)) == (job.task, job.payload.text, job.payload.attachments)
    assert job.payload.about is not None
    assert 6 == job.payload.about.message


async def test_what_only_mentions_a_link_is_summed_up_itself(post: Post) -> None:
    """A long message says enough."""
    long = message(6, PRIVATE, text=f"https://example.com/ {'It is about bees. ' * 10}")
    [job] = await post.text("/summarize", reply_to_message=long)
    assert "chat" == job.task
    [job] = await post.text("/summarize http://[", reply_to_message=long)
    assert ("read", "") == (job.task, job.payload.attachments[0].name)


async def test_in_a_group_only_what_is_meant_for_the_bot_is_read(post: Post) -> None:
    """People send each other letters."""
    assert [] == await post.message(GROUP, **LETTER)
    ours = message(77, GROUP, text="Bees fly.") | {"from": OURS}
    [job] = await post.message(GROUP, **LETTER, reply_to_message=ours)
    assert "read" == job.task


async def test_documents_is_a_command(post: Post) -> None:
    """It waits for nothing."""
    [job] = await post.text("/documents")
    assert ("documents", "quick") == (job.task, job.pool)
