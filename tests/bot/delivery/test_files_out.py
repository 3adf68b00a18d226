"""Files of an answer arrive above its text: once, whole, and without holding the text up."""

import tracemalloc
from dataclasses import replace

import pytest
from aiohttp import web

from bot.delivery.body import Body
from bot.delivery.calls import sending
from bot.delivery.parts import Part
from domain.answers import Button, Reply
from domain.messages import Kind
from playground.server import Playground
from services.files import Shelf
from storage.database import Database
from tests.bot.delivery.lives import a_life
from tests.bot.delivery.scripted import SENT, bot_at
from tests.bot.delivery.shelved import NOTE, errand, kinds, shelved
from tests.bot.delivery.way import GROUP, WORKSHOP, Delivery
from tests.telegram import Person as Somebody


async def test_a_voice_message_arrives_above_its_text(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """It has its length; the text below has the buttons."""
    job = await delivery.ask(ann, "Hello?")
    rows = ((Button("Again", "again:1"),),)
    await delivery.answer(job, Reply("Hello Ann", (shelved(shelf),), rows))
    await delivery.settled()
    voice, text = await ann.replies()
    assert {"duration": 3, "mime_type": "audio/ogg", "file_size": len(NOTE)}.items() <= (
        voice["voice"].items()
    )
    assert ("Hello Ann", True) == (text["text"], "reply_markup" in text)
    assert "reply_markup" not in voice
    known = await delivery.outbox.messages_of(job.answer)
    assert [voice["message_id"], text["message_id"]] == known


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        (Kind.AUDIO, ".mp3"),
        (Kind.VIDEO, ".mp4"),
        (Kind.ANIMATION, ".mp4"),
        (Kind.DOCUMENT, ".srt"),
        (Kind.OTHER, ".bin"),
    ],
)
async def test_each_kind_of_file_arrives_as_what_it_is(
    delivery: Delivery, ann: Somebody, shelf: Shelf, kind: Kind, ending: str
) -> None:
    """The bytes are those of the shelf, the name is ours where nobody gave one."""
    job = await delivery.ask(ann, "Hello?")
    body = bytes(range(256)) * 4096
    await delivery.answer(job, Reply("", (shelved(shelf, kind, body, ending),)))
    await delivery.settled()
    (message,) = await ann.replies()
    expected = "document" if kind is Kind.OTHER else kind.value
    assert [expected] == kinds([message])
    assert f"{kind.value}{ending}" == message[expected]["file_name"]
    assert body == await downloaded(delivery, message[expected]["file_id"])


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.ANIMATION])
async def test_a_film_has_its_shape_and_length(
    delivery: Delivery, ann: Somebody, shelf: Shelf, kind: Kind
) -> None:
    """Telegram is told, for its clients would show a square until all of it is there."""
    job = await delivery.ask(ann, "Film")
    film = replace(shelved(shelf, kind, b"film", ".mp4"), width=64, height=48, seconds=4.2)
    await delivery.answer(job, Reply("", (film,)))
    await delivery.settled()
    (message,) = await ann.replies()
    told = message[kind.value]
    assert (64, 48, 4) == (told["width"], told["height"], told["duration"])


async def downloaded(delivery: Delivery, file_id: str) -> bytes:
    """The bytes of a file that was sent."""
    stored = await delivery.bot.download(file_id)
    assert stored is not None
    return stored.read()


@pytest.mark.parametrize(
    ("given", "arrives"),
    [
        ("лекция.ogg.srt", "лекция.ogg.srt"),
        ('../../etc/"passwd"\r\nX: y', "etc_passwd_X_ y.srt"),
        ("a" * 300 + ".txt", "a" * 64 + ".txt"),
        ("...", "document.srt"),
        ("README", "README.srt"),
    ],
)
async def test_a_file_name_is_harmless(
    delivery: Delivery, ann: Somebody, shelf: Shelf, given: str, arrives: str
) -> None:
    """A stranger may have chosen it: no path, no header and no novel."""
    job = await delivery.ask(ann, "Hello?")
    file = shelved(shelf, Kind.DOCUMENT, b"1\n00:00", ".srt", given)
    await delivery.answer(job, Reply("", (file,)))
    await delivery.settled()
    (message,) = await ann.replies()
    assert arrives == message["document"]["file_name"]


async def test_in_a_group_the_first_message_of_all_replies(
    delivery: Delivery, oksana_in_family: Somebody, shelf: Shelf
) -> None:
    """One message hangs on the question; the others stand below it."""
    job = await delivery.ask(oksana_in_family, "Hello?")
    await delivery.answer(job, Reply("Hello", (shelved(shelf), shelved(shelf))))
    await delivery.settled()
    first, second, text = await oksana_in_family.replies()
    assert job.payload.message == first["reply_to_message"]["message_id"]
    assert ["voice", "voice", "text"] == kinds([first, second, text])
    assert all("reply_to_message" not in one for one in (second, text))


async def test_an_answer_made_anew_has_new_files(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """The old voice message is deleted, the new one is sent, the text is edited."""
    job = await delivery.ask(ann, "Hello?")
    old, new = shelved(shelf), shelved(shelf)
    await delivery.answer(job, Reply("Old", (old,)))
    await delivery.settled()
    _, text = await ann.replies()
    anew = await delivery.start(job.payload.place, job.payload.message, 1, "?", job.answer)
    await delivery.answer(anew, Reply("New", (new,)))
    await delivery.settled()
    edited, voice = await ann.replies()
    assert (text["message_id"], "New") == (edited["message_id"], edited["text"])
    assert ["voice"] == kinds([voice])
    known = await delivery.outbox.messages_of(job.answer)
    assert [voice["message_id"], edited["message_id"]] == known


async def test_an_answer_made_anew_keeps_a_file_that_is_the_same(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """A file with the same name on the shelf is neither sent again nor touched."""
    job = await delivery.ask(ann, "Hello?")
    kept, gone = shelved(shelf), shelved(shelf)
    await delivery.answer(job, Reply("Old", (gone, kept)))
    await delivery.settled()
    before = (await ann.replies())[1]
    anew = await delivery.start(job.payload.place, job.payload.message, 1, "?", job.answer)
    await delivery.answer(anew, Reply("New", (kept,)))
    await delivery.settled()
    assert before in await ann.replies()
    assert ["voice", "text"] == kinds(await ann.replies())
    assert 2 == len(await delivery.calls("sendVoice"))
    assert [] == await delivery.calls("editMessageCaption")


async def test_who_forbids_voice_messages_gets_the_text(
    delivery: Delivery, ann: Somebody, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    """A person may want none; that is no error, and the text is there at once."""
    await delivery.turn(forbid_voice=[1])
    job = await delivery.ask(ann, "Hello?")
    with caplog.at_level("INFO"):
        await delivery.answer(job, Reply("Hello", (shelved(shelf),)))
        await delivery.settled()
    assert ["Hello"] == [message.get("text") for message in await ann.replies()]
    (line,) = [one for one in caplog.records if "VOICE_MESSAGES_FORBIDDEN" in one.getMessage()]
    assert "INFO" == line.levelname
    assert [] == delivery.blocked
    assert 1 == len(await delivery.outbox.messages_of(job.answer))


async def test_a_file_that_is_not_there_is_given_up(
    delivery: Delivery, ann: Somebody, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody emptied the shelf: the text arrives, and the log tells of the rest."""
    job = await delivery.ask(ann, "Hello?")
    lost, escaping, empty = shelved(shelf), shelved(shelf), shelved(shelf, body=b"")
    shelf.path(lost.ref).unlink()
    files = (lost, replace(escaping, ref="../made"), empty)
    await delivery.answer(job, Reply("Hello", files))
    await delivery.settled()
    assert ["Hello"] == [message.get("text") for message in await ann.replies()]
    assert ["ERROR"] * 3 == [one.levelname for one in caplog.records if "deliver" in one.msg]


@pytest.mark.parametrize("megabytes", [1, 51])
async def test_a_file_that_is_too_large_is_given_up(
    delivery: Delivery, ann: Somebody, shelf: Shelf, megabytes: int
) -> None:
    """Whether Telegram says so or we know it before: the text arrives, nothing is repeated."""
    await delivery.turn(max_upload=1 << 19)
    job = await delivery.ask(ann, "Hello?")
    large = shelved(shelf, Kind.DOCUMENT, bytes(megabytes << 20), ".bin")
    await delivery.answer(job, Reply("Hello", (large,)))
    await delivery.settled()
    assert ["Hello"] == [message.get("text") for message in await ann.replies()]


async def test_a_text_does_not_wait_for_a_file_that_fails(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """Uploads fail, for whatever reason: the text is there; the file follows when it can."""
    await delivery.turn(faults={"status_5xx": 1.0, "methods": ["sendVoice"]})
    job = await delivery.ask(ann, "Hello?")
    await delivery.answer(job, Reply("Hello", (shelved(shelf),)))
    await ann.wait_reply(lambda message: message.get("text") == "Hello")
    again = await delivery.ask(ann, "And?")
    await delivery.answer(again, Reply("Also this"))
    await ann.wait_reply(lambda message: message.get("text") == "Also this")
    await delivery.turn(faults=None)
    await delivery.settled()
    assert ["text", "text", "voice"] == kinds(await ann.replies())


async def test_a_cut_upload_that_had_arrived_is_not_sent_again(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """The connection is cut after the server acted: the message is found by its caption."""
    await delivery.turn(faults={"cut_after": 1.0, "methods": ["sendVoice"]})
    job = await delivery.ask(ann, "Hello?")
    await delivery.answer(job, Reply("Hello", (shelved(shelf),)))
    await delivery.settled()
    assert ["voice", "text"] == kinds(await ann.replies())
    assert 1 == len(await delivery.calls("sendVoice"))
    assert 2 == len(await delivery.outbox.messages_of(job.answer))


@pytest.mark.parametrize(
    ("person", "chat"), [(1, 1), (2, GROUP), (3, WORKSHOP)], ids=["private", "group", "supergroup"]
)
@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "not arrived"])
async def test_after_a_crash_there_is_exactly_one_voice_message(
    play: Playground, database: Database, shelf: Shelf, person: int, chat: int, arrived: bool
) -> None:
    """Killed between sending and noting: found if it is there, sent if it is not."""
    async with Somebody(play.url, person, chat) as somebody:
        async with a_life(play, database, shelf) as life:
            job = await life.ask(somebody, "Hello?")
            row = (await life.finish(job, Reply("Hello", (shelved(shelf),))))[0]
            if arrived:
                await life.postman.settle(errand(row))
        await somebody.send("Meanwhile")
        async with a_life(play, database, shelf) as life:
            await life.settled()
            known = await life.outbox.messages_of(job.answer)
        told = await somebody.replies()
    assert ["voice", "text"] == kinds(told)
    assert known == [message["message_id"] for message in told]


async def test_of_several_files_only_the_missing_ones_are_sent(
    play: Playground, database: Database, ann: Somebody, shelf: Shelf
) -> None:
    """Killed among the files of an answer: what is there stays, the rest follows."""
    async with a_life(play, database, shelf) as life:
        job = await life.ask(ann, "Hello?")
        files = tuple(shelved(shelf) for _ in range(3))
        rows = await life.finish(job, Reply("Hello", files))
        for row in rows[:2]:
            await life.postman.settle(errand(row))
    async with a_life(play, database, shelf) as life:
        await life.settled()
        known = await life.outbox.messages_of(job.answer)
        assert 3 == len(await life.calls("sendVoice"))
    told = await ann.replies()
    assert ["voice", "voice", "voice", "text"] == kinds(told)
    assert known == [message["message_id"] for message in told]


async def test_an_unwanted_file_in_doubt_is_found_and_deleted(
    play: Playground, database: Database, ann: Somebody, shelf: Shelf
) -> None:
    """A voice message that had arrived when its answer was made anew does not stay behind."""
    async with a_life(play, database, shelf) as life:
        job = await life.ask(ann, "Hello?")
        row = (await life.finish(job, Reply("Old", (shelved(shelf),))))[0]
        await life.postman.settle(errand(row))
        anew = await life.start(job.payload.place, job.payload.message, 1, "?", job.answer)
        await life.finish(anew, Reply("New"))
    async with a_life(play, database, shelf) as life:
        await life.settled()
        assert [] == await life.outbox.waiting(9)
    assert ["New"] == [message.get("text") for message in await ann.replies()]


async def test_a_late_upload_is_given_back_when_the_program_stops(
    play: Playground, database: Database, ann: Somebody, shelf: Shelf
) -> None:
    """Stopped while it waits for its next try, the next life sends it, once."""
    async with a_life(play, database, shelf) as life:
        await life.turn(faults={"cut": 1.0, "methods": ["sendVoice"]})
        job = await life.ask(ann, "Hello?")
        await life.answer(job, Reply("Hello", (shelved(shelf),)))
        await ann.wait_reply(lambda message: message.get("text") == "Hello")
        await life.courier.aclose(0.1)
    async with a_life(play, database, shelf) as life:
        await life.turn(faults=None)
        await life.settled()
    assert ["text", "voice"] == kinds(await ann.replies())


async def test_a_caption_stands_under_its_file(
    delivery: Delivery, ann: Somebody, shelf: Shelf
) -> None:
    """A body may have both; its formatting is kept."""
    await ann.send("Sing!")
    part = Part("Listen", ({"type": "bold", "offset": 0, "length": 6},))
    body = Body(part, file=shelved(shelf))
    opened = await delivery.outbox.open(5, 1, None, body.to_json(), 0)
    assert opened
    await delivery.courier.send(opened)
    (message,) = await ann.replies()
    assert ("Listen", "bold") == (message["caption"], message["caption_entities"][0]["type"])


async def test_a_large_file_is_never_whole_in_memory(shelf: Shelf) -> None:
    """It goes piece by piece: of 40 MB there are never more than four at once."""
    file = shelved(shelf, Kind.DOCUMENT)
    with shelf.path(file.ref).open("r+b") as opened:
        opened.truncate(40 << 20)
    taken = 0

    async def take(request: web.Request) -> web.StreamResponse:
        nonlocal taken
        async for piece in request.content.iter_any():
            taken += len(piece)
        return web.json_response(SENT)

    async with bot_at(take) as bot:
        call = sending(1, None, Body(file=file), shelf.path(file.ref))
        tracemalloc.start()
        await bot(call)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert taken > 40 << 20
    assert peak < 4 << 20
