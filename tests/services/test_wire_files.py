"""Answers that are written to the disk as they come."""

import asyncio
import tracemalloc
from pathlib import Path

import pytest

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable
from services.forms import Form
from services.wire import Ask, Wire
from tests.fakes.raw import Caller, RawServer, refusing

LARGE = 40 << 20


def ask(server: RawServer) -> Ask:
    """A question for a file."""
    return Ask("the server", f"{server.url}/view")


async def test_a_large_file_is_never_whole_in_memory(wire: Wire, tmp_path: Path) -> None:
    """It goes to the disk piece by piece."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE)
        for _ in range(LARGE // (1 << 20)):
            await caller.say(b"y" * (1 << 20))

    async with RawServer(talk) as server:
        tracemalloc.start()
        try:
            count = await wire.kept(ask(server), tmp_path / "it", LARGE)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert LARGE == count == (tmp_path / "it").stat().st_size
    assert peak < 16 << 20


async def test_more_than_was_allowed_is_nonsense(wire: Wire, tmp_path: Path) -> None:
    """Whatever its head says; the rest is not waited for."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        await caller.chunks(b"x" * 1000, end=False)
        await caller.wait_until_gone()

    async with RawServer(talk) as server, asyncio.timeout(10):
        with pytest.raises(BackendNonsense, match="more than 999 bytes"):
            await wire.kept(ask(server), tmp_path / "it", 999)


async def test_a_file_that_breaks_off_is_unavailable(wire: Wire, tmp_path: Path) -> None:
    """Half of a film is none."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    async with RawServer(talk) as server:
        with pytest.raises(BackendUnavailable):
            await wire.kept(ask(server), tmp_path / "it", 1000)


async def test_a_disk_that_takes_nothing_is_not_the_servers_fault(
    wire: Wire, tmp_path: Path
) -> None:
    """Another server would not help."""
    async with RawServer(refusing(200, b"file")) as server:
        with pytest.raises(OSError, match="nowhere"):
            await wire.kept(ask(server), tmp_path / "nowhere" / "it", 1000)


async def test_a_refusal_may_be_an_answer(wire: Wire) -> None:
    """For who has said so; else it is what it is."""
    async with RawServer(refusing(400, b'{"error": "no"}')) as server:
        taken = Ask("the server", server.url, {}, takes=frozenset({400}))
        async with wire.answer(taken) as answer:
            assert (400, b'{"error": "no"}') == (answer.status, await answer.whole())
        with pytest.raises(BackendRejected):
            await wire.json(Ask("the server", server.url, {}))


async def test_a_file_goes_under_the_name_that_the_server_wants(wire: Wire, tmp_path: Path) -> None:
    """And has one of its own."""
    path = tmp_path / "photo.png"
    path.write_bytes(b"picture")
    bodies: list[bytes] = []

    async def talk(caller: Caller) -> None:
        bodies.append((await caller.hear())[1])
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async with RawServer(talk) as server:
        form = Form({"type": "input"}, path, 7, "image/png", ("image", "abc"))
        assert {} == await wire.json(Ask("the server", server.url, form=form))
    assert b'name="image"; filename="abc.png"\r\nContent-Type: image/png' in bodies[0]
