"""Forms: what servers read of them, and that a file goes through the bot in pieces."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import BackendRejected, BackendUnavailable
from services.forms import PIECE, Form
from services.wire import Ask, Wire
from tests.fakes.raw import Caller, RawServer, refusing
from tests.fakes.serving import Fake, Request


class Listener(Fake):
    """Takes any form."""

    def routes(self) -> list[web.RouteDef]:
        """One address."""
        return [self.route("POST", "/take", self._take)]

    async def _take(self, _request: web.Request, _noted: Request) -> web.Response:
        return web.json_response({"taken": True})


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A server that takes any form."""
    async with Listener() as fake:
        yield fake


def question(url: str, form: Form) -> Ask:
    """A question with a form."""
    return Ask("the server", f"{url}/take", form=form, patience=20.0)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
async def test_a_server_reads_the_texts_and_the_file(
    wire: Wire, listener: Listener, tmp_path: Path, size: int
) -> None:
    """Whole, whatever its length, with the length told beforehand."""
    path = tmp_path / "it.wav"
    path.write_bytes(bytes(range(256)) * (size // 256 + 1))
    with path.open("r+b") as file:
        file.truncate(size)
    form = Form.of({"prompt": "Київ, \r\n«q»", "language": "uk"}, path)
    assert {"taken": True} == await wire.json(question(listener.url, form))
    came = listener.requests[-1]
    assert {"prompt": "Київ, \r\n«q»", "language": "uk", "file": path.read_bytes()} == came.body
    assert "Transfer-Encoding" not in came.headers


@given(texts=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text()), size=st.integers(0, 600))
@settings(max_examples=30)
def test_the_length_that_is_told_is_the_length_that_is_sent(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str], size: int
) -> None:
    """Texts of any script count by their bytes, and a form may be read twice."""
    path = tmp_path_factory.getbasetemp() / "sized.wav"
    path.write_bytes(b"x" * size)
    form = Form.of({name: text.replace("\ud800", "") for name, text in texts.items()}, path)

    async def sent() -> bytes:
        return b"".join([piece async for piece in form])

    assert form.headers()["content-length"] == str(len(asyncio.run(sent())))
    assert asyncio.run(sent()) == asyncio.run(sent())


async def test_a_large_file_is_never_whole_in_memory(wire: Wire, tmp_path: Path) -> None:
    """A recording of an hour takes 115 MB on disk, and little here."""
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.truncate(60 << 20)
    taken = 0

    async def talk(caller: Caller) -> None:
        nonlocal taken
        head = await caller._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while taken < length:
            taken += len(await caller._reader.read(1 << 20))
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async with RawServer(talk) as server:
        form = Form.of({}, path)
        tracemalloc.start()
        try:
            assert {} == await wire.json(question(server.url, form))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert taken > 60 << 20
    assert peak < 8 << 20


async def test_a_form_is_sent_again_where_a_kept_connection_had_died(
    wire: Wire, tmp_path: Path
) -> None:
    """Servers close what nobody uses, some just as the next question begins."""
    path = tmp_path / "it.wav"
    path.write_bytes(b"sound")

    async def talk(caller: Caller) -> None:
        _, body = await caller.hear()
        assert b"sound" in body
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        if caller.number == 0:
            await caller.hear()  # and closes without a word
        else:
            await caller.wait_until_gone()

    async with RawServer(talk) as server:
        form = Form.of({}, path)
        assert [{}, {}] == [await wire.json(question(server.url, form)) for _ in range(2)]
        assert 2 == len(server.callers)


async def test_a_file_that_shrinks_meanwhile_is_no_answer(
    wire: Wire, listener: Listener, tmp_path: Path
) -> None:
    """The server would wait for the rest for ever."""
    path = tmp_path / "it.wav"
    path.write_bytes(b"sound")
    form = Form({}, path, size=500)
    with pytest.raises(BackendUnavailable, match=r"it.wav has shrunk"):
        await wire.json(question(listener.url, form))


def test_a_file_that_is_not_there_is_not_the_servers_fault(tmp_path: Path) -> None:
    """It is noticed before anybody is asked."""
    with pytest.raises(FileNotFoundError):
        Form.of({}, tmp_path / "nowhere.wav")


async def test_a_form_is_not_carried_along_a_redirect(wire: Wire, tmp_path: Path) -> None:
    """It would arrive without its file; so it is a refusal."""
    path = tmp_path / "it.wav"
    path.write_bytes(b"sound")
    async with RawServer(refusing(307, b"")) as server:
        with pytest.raises(BackendRejected):
            await wire.json(question(server.url, Form.of({}, path)))
