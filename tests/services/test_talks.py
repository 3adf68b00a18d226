"""WebSockets: messages both ways, and what becomes of troubles."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from domain.errors import BackendRejected, BackendUnavailable
from services.wire import Ask, Wire
from tests.fakes.raw import Caller, RawServer, refusing

Play = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def playing(play: Play) -> AsyncIterator[Ask]:
    """A true server that does this with each who comes: what is asked of it."""
    async with serve(play, "127.0.0.1", 0, max_size=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield Ask("Socket", f"ws://127.0.0.1:{port}/ws?clientId=me", headers={"x-who": "us"})


async def test_messages_go_both_ways(wire: Wire) -> None:
    """Texts and bytes, some larger than the library would take of itself."""
    heads: list[dict[str, str]] = []
    heard: list[object] = []

    async def play(connection: ServerConnection) -> None:
        assert connection.request is not None
        heads.append({key.lower(): one for key, one in connection.request.headers.raw_items()})
        heard.append(json.loads(await connection.recv()))
        await connection.send("кіт")
        await connection.send(b"x" * (60 << 20))
        await connection.wait_closed()

    async with playing(play) as ask, wire.talk(ask) as talk:
        await talk.say({"type": "hello"})
        assert "кіт" == await talk.hear()
        assert 60 << 20 == len(await talk.hear())
    assert [{"type": "hello"}] == heard
    [head] = heads
    assert "origin" not in head
    assert ("hearthbot", "us") == (head["user-agent"], head["x-who"])


async def test_leaving_says_goodbye_before_it_goes_on(wire: Wire) -> None:
    """Who comes back at once would be taken for the one that goes."""
    gone = asyncio.Event()

    async def play(connection: ServerConnection) -> None:
        try:
            await connection.recv()
        except ConnectionClosed:
            gone.set()

    async with playing(play) as ask:
        async with wire.talk(ask):
            pass
        async with asyncio.timeout(5):
            await gone.wait()


async def test_cancelling_closes_at_once(wire: Wire) -> None:
    """The server notices."""
    there, gone = asyncio.Event(), asyncio.Event()

    async def play(connection: ServerConnection) -> None:
        there.set()
        await connection.wait_closed()
        gone.set()

    async def listen(ask: Ask) -> None:
        async with wire.talk(ask) as talk:
            await talk.hear()

    async with playing(play) as ask, asyncio.timeout(10):
        task = asyncio.create_task(listen(ask))
        await there.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await gone.wait()


@pytest.mark.parametrize("politely", [True, False])
async def test_a_socket_that_is_lost_is_unavailable(wire: Wire, politely: bool) -> None:
    """With a goodbye or without."""

    async def play(connection: ServerConnection) -> None:
        if politely:
            await connection.close()
        else:
            connection.transport.abort()

    async with playing(play) as ask, wire.talk(ask) as talk:
        with pytest.raises(BackendUnavailable, match="broke off") as caught:
            await talk.hear()
        assert not caught.value.down
        with pytest.raises(BackendUnavailable):
            await talk.say({})


async def test_nobody_at_the_address_is_down(wire: Wire) -> None:
    """As for every other question."""
    async with RawServer(refusing(200, b"")) as server:
        ask = Ask("Socket", server.url.replace("http", "ws"))
    with pytest.raises(BackendUnavailable, match="not reached") as caught:
        async with wire.talk(ask):
            pass
    assert caught.value.down


async def test_a_server_that_takes_the_connection_and_says_nothing_is_down() -> None:
    """It hangs."""

    async def deaf(caller: Caller) -> None:
        await caller.wait_until_gone()

    async with RawServer(deaf) as server:
        with pytest.raises(BackendUnavailable) as caught:
            async with Wire(connect=0.1).talk(Ask("Socket", server.url.replace("http", "ws"))):
                pass
    assert caught.value.down


@pytest.mark.parametrize(
    ("status", "kind"), [(403, BackendRejected), (404, BackendRejected), (503, BackendUnavailable)]
)
async def test_a_refusal_is_what_it_is(wire: Wire, status: int, kind: type[Exception]) -> None:
    """With the server's words."""
    async with RawServer(refusing(status, b'{"error": "no sockets here"}')) as server:
        ask = Ask("Socket", server.url.replace("http", "ws"))
        with pytest.raises(kind, match="no sockets here"):
            async with wire.talk(ask):
                pass


async def test_a_server_that_is_no_websocket_is_unavailable(wire: Wire) -> None:
    """It answers with something else, or nothing that could be read."""
    async with RawServer(refusing(200, b"hello")) as server:
        ask = Ask("Socket", server.url.replace("http", "ws"))
        with pytest.raises((BackendUnavailable, BackendRejected)):
            async with wire.talk(ask):
                pass
