"""An answer that is a file with words under it: one message, once, and never neither."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.body import Body, compose
from bot.delivery.parts import CAPTION_LIMIT, Part, units, visible
from domain.answers import Button, Phase, Progress, Reply
from domain.jobs import Job
from domain.messages import Attachment, Kind, Place
from playground.server import Playground
from services.files import Shelf
from storage.database import Database
from storage.jobs import Filed
from tests.bot.delivery.lives import a_life
from tests.bot.delivery.pictures import png
from tests.bot.delivery.shelved import errand, kinds, shelved
from tests.bot.delivery.way import Delivery
from tests.telegram import Person as Somebody

ROWS = ((Button("Again", "again:1"),),)
FILM = Attachment(Kind.VIDEO, "a.mp4", "video/mp4", 9)


def bodies(reply: Reply) -> list[Body]:
    """What the messages of a reply say."""
    stored = compose(reply, Place(1))
    return [Body.from_json(one.body if isinstance(one, Filed) else one) for one in stored]


def test_words_stand_under_the_last_file_with_the_buttons() -> None:
    """Files before it have none; the first one hangs on the question."""
    first, last = bodies(Reply("**Red** fox", (FILM, FILM), ROWS, captioned=True))
    assert ("", ()) == (first.part.text, first.rows)
    assert ("Red fox", ROWS, FILM) == (last.part.text, last.rows, last.file)
    assert ["bold"] == [one["type"] for one in last.part.entities]


def test_without_a_file_there_is_a_text() -> None:
    """Nothing is lost of an answer that could not have its picture."""
    (only,) = bodies(Reply("Red fox", (), ROWS, captioned=True))
    assert (None, "Red fox", ROWS) == (only.file, only.part.text, only.rows)


@given(st.text(st.sampled_from("ab \n*🦊"), max_size=1200), st.booleans())
def test_a_caption_never_has_too_much(text: str, plain: bool) -> None:
    """What does not fit stands below in a message of its own; nothing is cut off."""
    first, *rest = bodies(Reply(text, (FILM,), ROWS, plain=plain, captioned=True))
    assert units(first.part.text) <= CAPTION_LIMIT
    assert ROWS == [first, *rest][-1].rows
    if visible(text):
        assert bool(rest) is not visible(first.part.text)
    if plain and not rest:
        assert first.part.text.strip() == text.strip()


@pytest.mark.parametrize(("length", "messages"), [(512, 1), (513, 2)])
def test_a_caption_is_counted_as_telegram_counts(length: int, messages: int) -> None:
    """An emoji is two units: 512 of them fit, and not one more."""
    assert messages == len(bodies(Reply("🦊" * length, (FILM,), captioned=True)))


def picture(shelf: Shelf, red: int = 200) -> Attachment:
    """A picture on the shelf."""
    return shelved(shelf, Kind.PHOTO, png(red), ".png")


def result(shelf: Shelf, text: str = "A **red** fox", red: int = 200) -> Reply:
    """An answer that is a picture with words under it."""
    return Reply(text, (picture(shelf, red),), ROWS, captioned=True)


async def watched(life: Delivery, somebody: Somebody) -> Job:
    """A job at work whose live message is there."""
    await life.wait(somebody, "/image fox")
    job = await life.claim()
    async with life.stage.show(job) as screen:
        screen.show(Progress(Phase.DRAWING, "Drawing", 0.5))
        await somebody.wait_reply(lambda one: "Drawing" in one.get("text", ""))
    return job


async def order(life: Delivery, *methods: str) -> list[str]:
    """In which order these were called, with success."""
    return [one["method"] for one in await life.calls(*methods) if one["status"] == 200]


async def is_the_result(somebody: Somebody, text: str = "A red fox") -> dict[str, Any]:
    """All that stands there is the picture with its words and its buttons."""
    (message,) = await somebody.replies()
    assert ["photo"] == kinds([message])
    assert text == message["caption"]
    assert "again:1" == message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    return message


async def test_the_live_message_goes_when_the_picture_is_there(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """First the one arrives, then the other is deleted."""
    job = await watched(delivery, ann)
    await delivery.answer(job, result(shelf))
    await delivery.called("deleteMessage")
    await delivery.settled()
    message = await is_the_result(ann)
    assert ["sendPhoto", "deleteMessage"] == await order(delivery, "sendPhoto", "deleteMessage")
    assert [message["message_id"]] == await delivery.outbox.messages_of(job.answer)


async def test_the_live_message_stays_while_the_upload_fails(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """However long it takes; other answers do not wait for it."""
    await delivery.turn(faults={"status_5xx": 1.0, "methods": ["sendPhoto"]})
    job = await watched(delivery, ann)
    await delivery.answer(job, result(shelf))
    await delivery.called("sendPhoto", 2)
    other = await delivery.ask(ann, "And?")
    await delivery.answer(other, Reply("Also this"))
    await ann.wait_reply(lambda one: one.get("text") == "Also this")
    assert [] == await delivery.calls("deleteMessage")
    await delivery.turn(faults=None)
    await delivery.called("deleteMessage")
    await delivery.settled()
    assert ["text", "photo"] == sorted(kinds(await ann.replies()), reverse=True)


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "not arrived"])
async def test_after_a_crash_there_is_one_picture_and_no_live_message(
    play: Playground, database: Database, shelf: Shelf, ann: Somebody, arrived: bool
) -> None:
    """Killed between sending and noting: found if it is there, sent if it is not; then the rest."""
    async with a_life(play, database, shelf) as life:
        job = await watched(life, ann)
        (row,) = await life.finish(job, result(shelf))
        if arrived:
            await life.postman.settle(errand(row))
    await ann.send("Meanwhile")
    async with a_life(play, database, shelf) as life:
        await life.called("deleteMessage")
        await life.settled()
        assert 1 == len(await life.calls("sendPhoto"))
        known = await life.outbox.messages_of(job.answer)
        assert ["sendPhoto", "deleteMessage"] == await order(life, "sendPhoto", "deleteMessage")
    message = await is_the_result(ann)
    assert [message["message_id"]] == known


async def test_after_a_crash_before_the_deletion_it_is_deleted(
    play: Playground, database: Database, shelf: Shelf, ann: Somebody
) -> None:
    """The picture is noted, then the program dies."""
    async with a_life(play, database, shelf) as life:
        await life.turn(faults={"status_5xx": 1.0, "methods": ["deleteMessage"]})
        job = await watched(life, ann)
        await life.answer(job, result(shelf))
        await life.called("deleteMessage")
    async with a_life(play, database, shelf) as life:
        await life.turn(faults=None)
        await life.settled()
        assert 1 == len(await life.calls("sendPhoto"))
    await is_the_result(ann)


async def test_what_the_live_message_was_sending_when_the_job_ended_goes_too(
    play: Playground, database: Database, shelf: Shelf, ann: Somebody
) -> None:
    """It arrives late, when the picture may be there already: it is deleted once it is known."""
    async with a_life(play, database, shelf) as life:
        job = await life.start(Place(1), (await ann.send("/image fox"))["message_id"], 1, "fox")
        live = await life.outbox.open(job.answer, 1, None, Body(Part("Waiting")).to_json(), 0)
        assert live
        await life.answer(job, result(shelf))
        await ann.wait_reply()
        await life.courier.send(live)
        await life.settled()
    assert ["photo"] == kinds(await ann.replies())


async def test_made_anew_the_old_picture_goes_when_the_new_one_is_there(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """There is a picture at every moment, and one in the end."""
    job = await watched(delivery, ann)
    await delivery.answer(job, result(shelf))
    await delivery.called("deleteMessage")
    await delivery.settled()
    first = await is_the_result(ann)
    anew = await delivery.start(job.payload.place, job.payload.message, 1, "fox", job.answer)
    async with delivery.stage.show(anew) as screen:
        screen.show(Progress(Phase.DRAWING, "Drawing anew", 0.5))
        await ann.wait_reply(lambda one: "Drawing anew" in one.get("text", ""))
    await delivery.answer(anew, result(shelf, "A blue fox", 20))
    await delivery.called("deleteMessage", 3)
    await delivery.settled()
    assert first["message_id"] != (await is_the_result(ann, "A blue fox"))["message_id"]
    methods = await order(delivery, "sendPhoto", "deleteMessage")
    assert ["sendPhoto", "deleteMessage"] * 2 + ["deleteMessage"] == methods


async def test_the_same_picture_gets_other_words(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """It is not sent again: what is written under it is edited, formatting and all."""
    file = picture(shelf)
    job = await delivery.ask(ann, "fox")
    await delivery.answer(job, Reply("Old", (file,), captioned=True))
    await delivery.settled()
    anew = await delivery.start(job.payload.place, job.payload.message, 1, "fox", job.answer)
    await delivery.answer(anew, Reply("A **red** fox", (file,), ROWS, captioned=True))
    await delivery.settled()
    message = await is_the_result(ann)
    assert ["bold"] == [one["type"] for one in message["caption_entities"]]
    assert 1 == len(await delivery.calls("sendPhoto"))


async def test_a_picture_that_is_refused_is_sent_as_a_file(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """Telegram makes pictures smaller, and does not take all of them; files it takes."""
    banner = shelved(shelf, Kind.PHOTO, png(9, 2100, 100), ".png")
    job = await watched(delivery, ann)
    await delivery.answer(job, Reply("A banner", (banner,), ROWS, captioned=True))
    await delivery.called("deleteMessage")
    await delivery.settled()
    (message,) = await ann.replies()
    assert (["document"], "A banner") == (kinds([message]), message["caption"])


async def test_the_words_arrive_where_the_file_never_will(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """Somebody emptied the shelf: what was made is lost, but not what is to be said of it."""
    reply = result(shelf)
    shelf.path(reply.attachments[0].ref).unlink()
    job = await watched(delivery, ann)
    await delivery.answer(job, reply)
    await delivery.called("deleteMessage")
    await delivery.settled()
    (message,) = await ann.replies()
    assert ("A red fox", True) == (message["text"], "reply_markup" in message)


async def test_words_alone_are_found_after_a_crash(
    play: Playground, database: Database, shelf: Shelf, ann: Somebody
) -> None:
    """They are not said twice, though the row speaks of a file."""
    reply = result(shelf)
    shelf.path(reply.attachments[0].ref).unlink()
    async with a_life(play, database, shelf) as life:
        job = await life.ask(ann, "fox")
        (row,) = await life.finish(job, reply)
        await life.postman.settle(errand(row))
    async with a_life(play, database, shelf) as life:
        await life.settled()
    assert ["A red fox"] == [one["text"] for one in await ann.replies()]
