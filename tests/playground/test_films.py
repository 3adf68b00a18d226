"""Films are described by what stands in them, whatever their sender says or does not say."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.films import Film, film
from tests.playground.cinema import mp4
from tests.playground.conftest import BotSide
from tests.telegram import Person, Record


def box(name: bytes, body: bytes) -> bytes:
    """One box of an MP4 file."""
    return struct.pack(">I", 8 + len(body)) + name + body


@pytest.mark.parametrize("fast", [True, False], ids=["told first", "told last"])
async def test_a_real_film_tells_its_size_and_length(fast: bool) -> None:
    """As ffmpeg writes it, with what tells of it at either end."""
    assert Film(96, 64, 2.0) == film(await mp4(96, 64, fast=fast))


def test_long_headers_are_read() -> None:
    """Version 1 counts with 64 bits; a box may be longer than 32 bits can say, or have no end."""
    header = b"\1" + b"\0" * 19 + struct.pack(">IQ", 1000, 2500)
    track = box(b"trak", box(b"tkhd", b"\0" * 76 + struct.pack(">II", 30 << 16, 20 << 16)))
    inside = box(b"mvhd", header) + box(b"trak", box(b"tkhd", b"\0" * 84)) + track
    long = struct.pack(">I4sQ", 1, b"moov", 16 + len(inside)) + inside
    endless = struct.pack(">I4s", 0, b"moov") + inside
    assert [Film(30, 20, 2.5)] * 2 == [film(long), film(endless)]


@given(st.binary(max_size=200), st.integers(0, 200))
def test_broken_films_say_less_and_never_fail(noise: bytes, at: int) -> None:
    """Cut off, overwritten, or no film at all."""
    header = box(b"mvhd", b"\0" * 12 + struct.pack(">II", 0, 9) + b"\0" * 80)
    whole = box(b"moov", header + box(b"trak", box(b"tkhd", b"\0" * 84)))
    broken = whole[:at] + noise + whole[at + len(noise) :]
    for body in (broken, whole[:at], noise):
        found = film(body)
        assert found.seconds >= 0
        assert found.width >= 0


@pytest.mark.parametrize(
    ("method", "kind"), [("sendVideo", "video"), ("sendAnimation", "animation")]
)
async def test_a_film_without_sizes_is_shown_as_it_is(
    bot: BotSide, ann: Person, method: str, kind: str
) -> None:
    """The server looks into it; what the sender says goes first."""
    files = {kind: ("a.mp4", await mp4(96, 64), "video/mp4")}
    sent = (await bot.upload(method, files, chat_id=1))["result"][kind]
    said = (await bot.upload(method, files, chat_id=1, width=10, duration=7))["result"][kind]
    assert (96, 64, 2) == (sent["width"], sent["height"], sent["duration"])
    assert (10, 64, 7) == (said["width"], said["height"], said["duration"])


async def fetched(bot: BotSide, file_id: str) -> bytes:
    """A file as the bot downloads it."""
    path = (await bot.do("getFile", file_id=file_id))["file_path"]
    return (await bot.http.get(f"/file/bot{bot.token}/{path}")).content


async def test_a_reply_brings_what_it_replies_to(bot: BotSide, ann: Person) -> None:
    """A person answers the bot's own film with a command: the bot can fetch it again."""
    body = await mp4(96, 64)
    sent = await bot.upload("sendVideo", {"video": ("a.mp4", body, "video/mp4")}, chat_id=1)
    await ann.send("/gif", reply_to_message_id=sent["result"]["message_id"])
    about: Record = (await bot.updates())[-1]["message"]["reply_to_message"]
    assert ("video/mp4", True) == (about["video"]["mime_type"], about["from"]["is_bot"])
    assert body == await fetched(bot, about["video"]["file_id"])


async def test_a_text_becomes_a_picture_and_a_film(bot: BotSide, ann: Person) -> None:
    """Telegram lets a bot add a file to a text, and put another kind in its place."""
    keys = {"inline_keyboard": [[{"text": "Cancel", "callback_data": "stop:1"}]]}
    text = await bot.do("sendMessage", chat_id=1, text="Filming", reply_markup=keys)
    film_body = await mp4(96, 64)
    where = {"chat_id": 1, "message_id": text["message_id"], "reply_markup": json.dumps(keys)}
    for kind, name, mime, body in (
        ("animation", "a.mp4", "video/mp4", film_body),
        ("video", "b.mp4", "video/mp4", film_body),
    ):
        media = json.dumps({"type": kind, "media": "attach://file", "caption": f"A {kind}"})
        files = {"file": (name, body, mime)}
        edited = (await bot.upload("editMessageMedia", files, **where, media=media))["result"]
        assert (f"A {kind}", keys) == (edited["caption"], edited["reply_markup"])
        assert (kind in edited, "text" in edited) == (True, False)
    words = await bot.refused("editMessageText", chat_id=1, message_id=text["message_id"], text="x")
    assert "Bad Request: there is no text in the message to edit" == words
