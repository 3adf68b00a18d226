"""What people sent is fetched whole or not at all, within limits, and without a word too much."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from aiogram import Bot
from aiohttp import web

from bot.delivery.pace import Pace
from bot.delivery.session import Session, open_bot
from bot.downloads import Downloads
from bot.limits import CLOUD_DOWN, MEGABYTE, limits
from domain.errors import BackendUnavailable, Broken, HearthbotError, TooBig
from domain.messages import Attachment, Kind
from playground.server import Playground
from services.words import Words
from tests.bot.delivery.scripted import TOKEN, Handler, bot_at, refusal
from tests.telegram import Person, plain_client

CLOUD = limits("https://api.telegram.org", 0)
OWN = limits("http://127.0.0.1:8081", 30 * MEGABYTE)
SAY = Words(Path(__file__).parents[2] / "locales").speak("en")
NOTE = Attachment(Kind.VOICE, "a-file", "audio/ogg", 0)


@pytest.fixture
async def play() -> AsyncIterator[Playground]:
    """A playground of one's own."""
    async with Playground() as running:
        yield running


@pytest.fixture
async def bot(play: Playground) -> AsyncIterator[Bot]:
    """A bot that talks to it."""
    made = open_bot(play.token, play.url, Pace().hold)
    yield made
    await made.session.close()


@pytest.fixture
async def ann(play: Playground) -> AsyncIterator[Person]:
    """Ann in her private chat."""
    async with Person(play.url, 1) as somebody:
        yield somebody


def downloads(bot: Bot, quiet: float = 10.0, **changed: Any) -> Downloads:
    """Who fetches, under the limits of Telegram's cloud."""
    return Downloads(bot, cast(Session, bot.session), replace(CLOUD, **changed), quiet)


async def sent(ann: Person, body: bytes, name: str = "talk.ogg") -> Attachment:
    """A document that she has sent, as it is written down."""
    document = (await ann.attach("document", body, name=name))["document"]
    return Attachment(Kind.DOCUMENT, document["file_id"], "audio/ogg", document["file_size"])


def left(folder: Path) -> list[Path]:
    """What lies in a folder."""
    return list(folder.iterdir())


async def called(play: Playground) -> list[str]:
    """The methods that the bot has called."""
    async with plain_client(play.url, timeout=10) as http:
        return [one["method"] for one in (await http.get("/play/calls")).json()["calls"]]


async def test_a_file_of_19_9_megabytes_is_fetched(
    play: Playground, bot: Bot, ann: Person, tmp_path: Path
) -> None:
    """Just below the limit; every byte is where it was."""
    body = bytes(range(251)) * (int(19.9 * MEGABYTE) // 251)
    file = await downloads(bot).fetch(await sent(ann, body), tmp_path, SAY)
    assert body == file.read_bytes()
    assert [file] == left(tmp_path)


async def test_a_file_of_20_1_megabytes_is_refused_before_any_call(
    play: Playground, bot: Bot, ann: Person, tmp_path: Path
) -> None:
    """The words say what can be done; Telegram is not even asked."""
    attachment = await sent(ann, bytes(int(20.1 * MEGABYTE)))
    with pytest.raises(TooBig, match=r"up to 20 MB\. Please send a shorter one"):
        await downloads(bot).fetch(attachment, tmp_path, SAY)
    assert [] == await called(play)
    assert [] == left(tmp_path)


@pytest.mark.parametrize("size", [0, 1])
async def test_a_file_that_telegram_calls_too_big_is_refused(
    bot: Bot, ann: Person, tmp_path: Path, size: int
) -> None:
    """Nobody had told its size, or not the true one; a server of one's own may say so, too."""
    attachment = replace(await sent(ann, bytes(int(20.1 * MEGABYTE))), size=size)
    with pytest.raises(TooBig, match="Bot API server of their own"):
        await downloads(bot, down=OWN.down, own=True).fetch(attachment, tmp_path, SAY)


async def test_a_server_of_ones_own_gives_more(
    play: Playground, bot: Bot, ann: Person, tmp_path: Path
) -> None:
    """Up to what its owner has set."""
    async with plain_client(play.url, timeout=10) as http:
        await http.post("/play/options", json={"max_download": 1 << 30})
    fetching = downloads(bot, down=OWN.down, own=True)
    large = await sent(ann, bytes(25 * MEGABYTE))
    assert large.size == (await fetching.fetch(large, tmp_path, SAY)).stat().st_size
    with pytest.raises(TooBig, match=r"up to 30 MB\. Please send a shorter one\.$"):
        await fetching.fetch(replace(large, size=31 * MEGABYTE), tmp_path, SAY)


@pytest.mark.parametrize("name", ["../../evil.ogg", "/etc/passwd", "a" * 200, "x.o g", ".ogg"])
async def test_the_senders_name_is_not_used(
    bot: Bot, ann: Person, tmp_path: Path, name: str
) -> None:
    """The file lies in the folder, under a name of ours; two files never share one."""
    one, other = await sent(ann, b"one", name), await sent(ann, b"other", name)
    files = [await downloads(bot).fetch(each, tmp_path, SAY) for each in (one, other)]
    assert set(files) == set(left(tmp_path))
    assert [b"one", b"other"] == [file.read_bytes() for file in files]
    assert all(file.name.startswith("document-") and len(file.name) < 40 for file in files)


async def test_a_file_that_is_gone_is_asked_for_again(bot: Bot, tmp_path: Path) -> None:
    """Its sender is told what to do."""
    with pytest.raises(Broken, match="Please send it again"):
        await downloads(bot).fetch(NOTE, tmp_path, SAY)


def serving(download: Handler, **found: Any) -> Handler:
    """A server that finds each file, and gives it in some way."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/getFile"):
            result = {"file_id": "a-file", "file_path": "voice/file_1.oga", **found}
            return web.json_response({"ok": True, "result": result})
        return await download(request)

    return answer


@asynccontextmanager
async def fetching(download: Handler, **found: Any) -> AsyncIterator[Downloads]:
    """Who fetches from such a server, with little patience."""
    async with bot_at(serving(download, **found)) as bot:
        yield downloads(bot, quiet=0.3)


async def whole(_: web.Request) -> web.StreamResponse:
    """The file, in full."""
    return web.Response(body=b"0123456789")


async def missing(_: web.Request) -> web.StreamResponse:
    """Not there."""
    return web.Response(status=404)


async def busy(_: web.Request) -> web.StreamResponse:
    """A gateway that has lost its server."""
    return web.Response(status=502, text="<html>Bad Gateway</html>")


async def elsewhere(_: web.Request) -> web.StreamResponse:
    """Another address, which nobody asked for."""
    return web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"})


async def silent(_: web.Request) -> web.StreamResponse:
    """Nothing at all."""
    await asyncio.Event().wait()
    raise AssertionError


async def begun(request: web.Request) -> web.StreamResponse:
    """Half of it, and then nothing."""
    answer = web.StreamResponse(headers={"Content-Length": "10"})
    await answer.prepare(request)
    await answer.write(b"01234")
    await asyncio.Event().wait()
    raise AssertionError


async def cut(request: web.Request) -> web.StreamResponse:
    """Half of it, and a broken connection."""
    answer = web.StreamResponse(headers={"Content-Length": "10"})
    await answer.prepare(request)
    await answer.write(b"01234")
    assert request.transport is not None
    request.transport.close()
    return answer


async def endless(request: web.Request) -> web.StreamResponse:
    """More than anybody wants, without saying so before."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    try:
        while True:
            await answer.write(bytes(1 << 20))
    except ConnectionError:
        return answer


@pytest.mark.parametrize("download", [busy, elsewhere, silent, begun, cut])
async def test_trouble_on_the_way_is_no_fault_of_the_sender(
    tmp_path: Path, download: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried again later; half a file does not stay, and the token shows nowhere."""
    caplog.set_level(logging.DEBUG)
    async with fetching(download) as made:
        with pytest.raises(BackendUnavailable, match="Telegram: download") as raised:
            await made.fetch(NOTE, tmp_path, SAY)
    assert [] == left(tmp_path)
    assert TOKEN not in caplog.text + told(raised.value)


def told(error: BaseException | None) -> str:
    """Everything that an error and its causes say where they are shown."""
    if error is None:
        return ""
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{error!r}{error}{told(behind)}"


async def test_a_file_is_shorter_than_telegram_said(tmp_path: Path) -> None:
    """Something on the way swallowed its end."""
    async with fetching(whole, file_size=11) as made:
        with pytest.raises(BackendUnavailable, match="10 bytes of 11"):
            await made.fetch(NOTE, tmp_path, SAY)
    assert [] == left(tmp_path)


@pytest.mark.parametrize("said", [0, CLOUD_DOWN + 1])
async def test_nobody_can_fill_the_disk(tmp_path: Path, said: int) -> None:
    """What is larger than it may be is left off, whatever was said of its size."""
    async with fetching(endless, file_size=said) as made:
        with pytest.raises(TooBig):
            await made.fetch(NOTE, tmp_path, SAY)
    assert [] == left(tmp_path)


@pytest.mark.parametrize("found", [{"file_path": None}, {"file_path": 7}, {"file_path": ""}])
async def test_an_answer_without_a_path_is_a_file_that_is_gone(
    tmp_path: Path, found: dict[str, Any]
) -> None:
    """Telegram leaves the path out where it cannot give the file."""
    async with fetching(whole, **found) as made:
        with pytest.raises(Broken):
            await made.fetch(NOTE, tmp_path, SAY)


async def test_a_link_that_leads_nowhere_is_a_file_that_is_gone(tmp_path: Path) -> None:
    """Between asking and fetching, it was taken away."""
    async with fetching(missing) as made:
        with pytest.raises(Broken):
            await made.fetch(NOTE, tmp_path, SAY)


@pytest.mark.parametrize("code", [401, 404, 429, 502])
async def test_a_server_that_does_not_find_is_asked_again_later(tmp_path: Path, code: int) -> None:
    """No answer about the file is no fault of the file."""

    async def answer(_: web.Request) -> web.StreamResponse:
        extra = {"retry_after": 9} if code == 429 else {}
        return web.json_response(refusal(code, "Trouble", **extra), status=code)

    async with bot_at(answer) as bot:
        with pytest.raises(BackendUnavailable, match="Telegram"):
            await downloads(bot).fetch(NOTE, tmp_path, SAY)


async def test_a_full_disk_is_named(tmp_path: Path) -> None:
    """The operator learns that it is not Telegram."""
    async with fetching(whole) as made:
        with pytest.raises(BackendUnavailable, match="the disk: No such file or directory"):
            await made.fetch(NOTE, tmp_path / "nowhere", SAY)


async def test_a_path_cannot_lead_out_of_the_files(tmp_path: Path) -> None:
    """Signs that mean something in an address mean nothing in a path."""
    seen: list[str] = []

    async def note(request: web.Request) -> web.StreamResponse:
        seen.append(request.raw_path)
        return web.Response(body=b"0123456789")

    async with fetching(note, file_path="voice/a b?c#d.oga") as made:
        file = await made.fetch(NOTE, tmp_path, SAY)
    assert [f"/file/bot{TOKEN}/voice/a%20b%3Fc%23d.oga"] == seen
    assert ".oga" == file.suffix


class TestAServerOnThisMachine:
    """A local server that gives the absolute paths of its files."""

    @asynccontextmanager
    async def taking(self, path: Path, **changed: Any) -> AsyncIterator[Downloads]:
        """Who fetches from it."""
        async with bot_at(serving(missing, file_path=str(path))) as bot:
            yield downloads(bot, own=True, **changed)

    async def test_its_file_is_taken_from_the_disk(self, tmp_path: Path) -> None:
        """Nothing is downloaded; taking ours away leaves its own."""
        there, room = tmp_path / "file_1.oga", tmp_path / "room"
        there.write_bytes(b"sound")
        room.mkdir()
        async with self.taking(there) as made:
            file = await made.fetch(NOTE, room, SAY)
        assert (b"sound", room) == (file.read_bytes(), file.parent)
        file.unlink()
        assert there.exists()

    async def test_a_file_on_another_disk_is_copied(self, tmp_path: Path) -> None:
        """Where a second name cannot be given."""
        there = Path("/proc/self/status")
        async with self.taking(there) as made:
            file = await made.fetch(NOTE, tmp_path, SAY)
        assert file.read_bytes().startswith(b"Name:")

    async def test_its_limit_is_the_owners(self, tmp_path: Path) -> None:
        """The size on the disk counts."""
        there, room = tmp_path / "file_1.oga", tmp_path / "room"
        there.write_bytes(bytes(MEGABYTE + 1))
        room.mkdir()
        async with self.taking(there, down=MEGABYTE) as made:
            with pytest.raises(TooBig, match="up to 1 MB"):
                await made.fetch(NOTE, room, SAY)
        assert [] == left(room)

    async def test_a_file_that_cannot_be_read_is_the_owners_matter(self, tmp_path: Path) -> None:
        """Its folder is not shared with the bot, or has other rights."""
        async with self.taking(tmp_path / "nowhere.oga") as made:
            with pytest.raises(BackendUnavailable, match="cannot be read here") as raised:
                await made.fetch(NOTE, tmp_path, SAY)
        assert str(tmp_path) not in str(raised.value)

    async def test_the_cloud_cannot_name_files_of_this_machine(self, tmp_path: Path) -> None:
        """An absolute path counts only where the server is the owner's own."""
        there = tmp_path / "secret"
        there.write_bytes(b"secret")
        async with self.taking(there) as made:
            elsewhere = replace(made, limits=CLOUD)
            with pytest.raises(Broken):
                await elsewhere.fetch(NOTE, tmp_path, SAY)


def test_only_telegrams_own_address_is_the_cloud() -> None:
    """Whatever else `api_base` names is a server of the owner's."""
    assert (False, CLOUD_DOWN) == (CLOUD.own, CLOUD.down)
    assert limits("https://API.telegram.org/", 1).down == CLOUD_DOWN
    assert limits("https://api.telegram.org.example.com", 1).own


async def test_all_troubles_are_ours(tmp_path: Path) -> None:
    """Where nobody listens, too: what comes out is one of the project's errors."""
    bot = open_bot(TOKEN, "http://127.0.0.1:9", Pace().hold)
    with pytest.raises(HearthbotError, match="Telegram") as raised:
        await downloads(bot).fetch(NOTE, tmp_path, SAY)
    await bot.session.close()
    assert TOKEN not in told(raised.value)
