"""Files are kept, described, downloaded and refused as by the real server."""

import json
import struct
import wave
import zlib
from io import BytesIO

import pytest

from playground.pictures import picture_size
from tests.playground.conftest import BotSide
from tests.telegram import Person, Record


def png(width: int = 640, height: int = 480) -> bytes:
    """A grey picture of any size."""
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def wav(seconds: int) -> bytes:
    """Silence of some seconds."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 8000 * seconds)
    return out.getvalue()


def ogg(seconds: int) -> bytes:
    """The frame of an Opus file, of which only the length can be told."""
    page = b"OggS\0\x04" + struct.pack("<q", seconds * 48_000) + b"\0" * 14
    return b"OggS\0\x02" + b"\0" * 22 + b"OpusHead" + page


@pytest.mark.parametrize(
    "body",
    [
        png(300, 200),
        b"GIF89a" + struct.pack("<HH", 300, 200),
        b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08" + struct.pack(">HH", 200, 300) + b"\3",
        b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + struct.pack("<HH", 300, 200),
        b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 5 + (299 | 199 << 14).to_bytes(4, "little"),
        b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x2b\1\0\xc7\0\0",
    ],
)
def test_the_size_of_a_picture_is_read_from_its_head(body: bytes) -> None:
    """All usual formats tell their width and height; what is cut off or unknown does not."""
    assert (300, 200) == picture_size(body)
    assert picture_size(body[:7]) is None
    assert picture_size(b"\0" + body) is None


async def test_a_photo_of_a_person_can_be_downloaded(bot: BotSide, ann: Person) -> None:
    """The bot gets the sizes, the largest last, and behind it the very bytes."""
    body = png()
    await ann.attach("photo", body, name="cat.png", caption="look")
    message = (await bot.updates())[-1]["message"]
    small, full = message["photo"]
    assert ("look", 640, 480, len(body)) == (
        message["caption"],
        full["width"],
        full["height"],
        full["file_size"],
    )
    assert (320, 240) == (small["width"], small["height"])
    file = await bot.do("getFile", file_id=full["file_id"])
    got = await bot.http.get(f"/file/bot{bot.token}/{file['file_path']}")
    assert body == got.content


@pytest.mark.parametrize(("kind", "body"), [("voice", ogg(3)), ("audio", wav(3))])
async def test_the_length_of_a_sound_is_read_from_it(
    bot: BotSide, ann: Person, kind: str, body: bytes
) -> None:
    """Nobody has to say how long a voice note is."""
    sent = await ann.attach(kind, body, name="sound.ogg" if kind == "voice" else "sound.wav")
    assert 3 == sent[kind]["duration"]


@pytest.mark.parametrize(
    ("method", "kind", "name"),
    [
        ("sendPhoto", "photo", "a.png"),
        ("sendVoice", "voice", "a.ogg"),
        ("sendAudio", "audio", "a.mp3"),
        ("sendVideo", "video", "a.mp4"),
        ("sendAnimation", "animation", "a.mp4"),
        ("sendDocument", "document", "a.pdf"),
        ("sendVideoNote", "video_note", "a.mp4"),
        ("sendSticker", "sticker", "a.webp"),
    ],
)
async def test_a_file_is_sent_and_sent_again_by_its_identifier(
    bot: BotSide, ann: Person, method: str, kind: str, name: str
) -> None:
    """An upload gives an identifier that sends the same file again, but not as another kind."""
    answer = await bot.upload(method, {kind: (name, png(64, 64))}, chat_id=1)
    first = _described(answer["result"], kind)
    again = await bot.do(method, chat_id=1, **{kind: first["file_id"]})
    assert first["file_unique_id"] == _described(again, kind)["file_unique_id"]
    other = "sendDocument" if kind != "document" else "sendPhoto"
    field = "document" if kind != "document" else "photo"
    words = await bot.refused(other, chat_id=1, **{field: first["file_id"]})
    assert words.startswith("Bad Request: can't use file of type")


def _described(message: Record, kind: str) -> Record:
    described: Record = message[kind][-1] if kind == "photo" else message[kind]
    return described


async def test_an_animation_is_a_document_too(bot: BotSide, ann: Person) -> None:
    """A bot that looks at documents first would take an animation for one, as in real life."""
    answer = await bot.upload("sendAnimation", {"animation": ("a.mp4", b"film")}, chat_id=1)
    assert {"animation", "document"} <= answer["result"].keys()


async def test_files_over_the_limits_are_refused(bot: BotSide, ann: Person) -> None:
    """Large downloads are refused by name, large uploads with 413; the limits can be moved."""
    sent = await ann.attach("document", b"x" * 1001, name="big.bin")
    await ann.act("options", max_download=1000, max_upload=2000)
    words = await bot.refused("getFile", file_id=sent["document"]["file_id"])
    assert "Bad Request: file is too big" == words
    answer = await bot.upload("sendDocument", {"document": ("b.bin", b"x" * 2001)}, chat_id=1)
    assert (413, "Request Entity Too Large") == (answer["error_code"], answer["description"])


async def test_what_is_no_picture_is_no_photo(bot: BotSide, ann: Person) -> None:
    """Neither text, nor nothing, nor a picture of extreme shape can be a photo."""
    for body, words in (
        (b"text", "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ):
        answer = await bot.upload("sendPhoto", {"photo": ("a.png", body)}, chat_id=1)
        assert f"Bad Request: {words}" == answer["description"]


async def test_a_caption_is_limited_to_1024(bot: BotSide, ann: Person) -> None:
    """One unit more is refused."""
    files = {"photo": ("a.png", png(10, 10))}
    assert (await bot.upload("sendPhoto", files, chat_id=1, caption="x" * 1024))["ok"]
    answer = await bot.upload("sendPhoto", files, chat_id=1, caption="x" * 1025)
    assert "Bad Request: message caption is too long" == answer["description"]


async def test_a_person_may_forbid_voice(bot: BotSide, ann: Person) -> None:
    """Voice and round films are refused, other sounds are not."""
    await ann.act("options", forbid_voice=[1])
    for method, kind in (("sendVoice", "voice"), ("sendVideoNote", "video_note")):
        answer = await bot.upload(method, {kind: ("a.ogg", ogg(1))}, chat_id=1)
        assert "Bad Request: VOICE_MESSAGES_FORBIDDEN" == answer["description"]
    assert (await bot.upload("sendAudio", {"audio": ("a.mp3", b"mp3")}, chat_id=1))["ok"]


def _album(*kinds: str) -> str:
    return json.dumps([{"type": kind, "media": f"attach://f{n}"} for n, kind in enumerate(kinds)])


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["photo"], "too few messages to send as an album"),
        (["photo"] * 11, "too many messages to send as an album"),
        (["photo", "document"], "document can't be mixed with other media types"),
        (["audio", "video"], "audio can't be mixed with other media types"),
        (
            ["photo", "animation"],
            "can't parse InputMedia: type \"animation\" can't be used in an album",
        ),
    ],
)
async def test_albums_have_their_rules(
    bot: BotSide, ann: Person, kinds: list[str], words: str
) -> None:
    """Too few, too many and what does not fit together are refused."""
    files = {f"f{n}": ("a.png", png(10, 10)) for n in range(len(kinds))}
    answer = await bot.upload("sendMediaGroup", files, chat_id=1, media=_album(*kinds))
    assert f"Bad Request: {words}" == answer["description"]


async def test_an_album_is_several_messages_of_one_group(bot: BotSide, ann: Person) -> None:
    """Each part is a message; what they share is the number of the group."""
    files = {f"f{n}": ("a.png", png(10, 10)) for n in range(3)}
    album = _album("photo", "video", "photo")
    answer = await bot.upload("sendMediaGroup", files, chat_id=1, media=album)
    groups = {message["media_group_id"] for message in answer["result"]}
    assert (3, 1) == (len(answer["result"]), len(groups))


async def test_media_and_captions_are_edited(bot: BotSide, ann: Person) -> None:
    """Another file and other words take the place of the first; a text stays without caption."""
    files = {"photo": ("a.png", png(10, 10))}
    sent = (await bot.upload("sendPhoto", files, chat_id=1, caption="old"))["result"]
    where = {"chat_id": 1, "message_id": sent["message_id"]}
    assert "new" == (await bot.do("editMessageCaption", **where, caption="new"))["caption"]
    media = json.dumps({"type": "document", "media": "attach://f"})
    files = {"f": ("a.txt", b"words")}
    edited = (await bot.upload("editMessageMedia", files, **where, media=media))["result"]
    assert "a.txt" == edited["document"]["file_name"]
    assert "photo" not in edited
    text = await bot.do("sendMessage", chat_id=1, text="x")
    words = await bot.refused(
        "editMessageCaption", chat_id=1, message_id=text["message_id"], caption="y"
    )
    assert "Bad Request: there is no caption in the message to edit" == words


async def test_names_of_files_lead_nowhere(bot: BotSide, ann: Person) -> None:
    """Of a name with a path only the last part is kept, without dangerous characters."""
    sent = await ann.attach("document", b"x", name='../../etc/pass"wd\n.txt')
    assert "/" not in sent["document"]["file_name"]
    assert not sent["document"]["file_name"].startswith(".")


async def test_the_page_gets_files_but_never_runs_them(bot: BotSide, ann: Person) -> None:
    """Pictures are shown, everything else is only saved; parts can be asked for."""
    picture = await ann.attach("photo", png(10, 10), name="a.png")
    page = await ann.attach("document", b"<script>alert(1)</script>", name="a.html")
    shown = await bot.http.get(f"/play/file/{picture['photo'][0]['file_id']}")
    saved = await bot.http.get(f"/play/file/{page['document']['file_id']}")
    assert "image/png" == shown.headers["Content-Type"]
    assert "application/octet-stream" == saved.headers["Content-Type"]
    assert saved.headers["Content-Disposition"].startswith("attachment")
    part = await bot.http.get(
        f"/play/file/{page['document']['file_id']}", headers={"Range": "bytes=1-6"}
    )
    assert (206, b"script") == (part.status_code, part.content)


@pytest.mark.parametrize("caption", ["", "Listen"])
async def test_an_edit_to_the_same_caption_changes_nothing(
    bot: BotSide, ann: Person, caption: str
) -> None:
    """A missing caption is the same as an empty one; a text has neither, a file no text."""
    said = {"caption": caption} if caption else {}
    voice = (await bot.upload("sendVoice", {"voice": ("a.ogg", ogg(1))}, chat_id=1, **said))[
        "result"
    ]
    here = {"chat_id": 1, "message_id": voice["message_id"]}
    words = await bot.refused("editMessageCaption", **here, **said)
    assert words.startswith("Bad Request: message is not modified")
    changed = await bot.do("editMessageCaption", **here, caption="Other")
    assert ("Other", voice["voice"]) == (changed["caption"], changed["voice"])
    words = await bot.refused("editMessageText", **here, text="Text")
    assert "Bad Request: there is no text in the message to edit" == words
    text = await bot.do("sendMessage", chat_id=1, text="Text")
    words = await bot.refused("editMessageCaption", chat_id=1, message_id=text["message_id"])
    assert "Bad Request: there is no caption in the message to edit" == words
