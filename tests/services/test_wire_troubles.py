"""What goes wrong with servers has one translation."""

import asyncio

import pytest

from domain.errors import BackendRejected, BackendUnavailable
from services.wire import Event, Wire
from tests.fakes.raw import HEAD, Caller, RawServer, refusing, saying
from tests.services.asking import ask, events, trouble


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 529])
async def test_a_passing_trouble_is_unavailable(wire: Wire, status: int) -> None:
    """Another server may do it now, or this one later."""
    async with RawServer(refusing(status, b'{"error":"not now"}')) as server:
        found = await trouble(wire, ask(server))
    assert isinstance(found, BackendUnavailable)
    assert not found.down
    assert f"the server: {status} not now" == str(found)


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 413, 422])
async def test_a_refusal_is_rejected_with_its_status(wire: Wire, status: int) -> None:
    """Asking the same again cannot help."""
    async with RawServer(refusing(status, b'{"error":{"message":"no","code":"odd"}}')) as server:
        found = await trouble(wire, ask(server))
    assert isinstance(found, BackendRejected)
    assert (status, "odd") == (found.status, found.code)


async def test_a_long_refusal_is_shortened(wire: Wire) -> None:
    """A page of HTML does not fill the operator's screen."""
    page = b"<p>" + b"sorry " * 100_000
    async with RawServer(refusing(400, page, b"text/html")) as server:
        found = await trouble(wire, ask(server))
    assert len(str(found)) < 400


async def test_a_refusal_that_does_not_end_is_told_by_its_status(wire: Wire) -> None:
    """The status came; the rest may hang."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(b"HTTP/1.1 500 Oh\r\nContent-Length: 100\r\n\r\n{")
        await caller.wait_until_gone()

    wire.idle = 0.1
    async with RawServer(talk) as server:
        assert "the server: 500 {" == str(await trouble(wire, ask(server)))


async def test_nobody_listening_is_down(wire: Wire) -> None:
    """The chain need not try that again at once."""
    async with RawServer(saying()) as server:
        question = ask(server)
    found = await trouble(wire, question)
    assert isinstance(found, BackendUnavailable)
    assert found.down


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\n", b"rubbish\r\n\r\n", HEAD + b"5\r\nab"]
)
async def test_a_broken_conversation_is_unavailable(wire: Wire, said: bytes) -> None:
    """A server that dies, or that speaks no HTTP, may be well later."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(said)

    async with RawServer(talk) as server:
        found = await trouble(wire, ask(server))
    assert isinstance(found, BackendUnavailable)
    assert not found.down


@pytest.mark.parametrize("said", [b"", HEAD])
async def test_patience_ends_without_a_first_piece(wire: Wire, said: bytes) -> None:
    """Whether the head of the answer has come or not."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(said)
        await caller.wait_until_gone()

    async with RawServer(talk) as server:
        found = await trouble(wire, ask(server, patience=0.1))
        async with asyncio.timeout(5):
            await (await server.caller()).gone.wait()
    assert isinstance(found, BackendUnavailable)
    assert "no answer in time" in str(found)


async def test_signs_of_life_begin_the_patience_anew(wire: Wire) -> None:
    """A long prompt is read for longer than the patience, with a comment now and then."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(HEAD)
        for _ in range(6):
            await asyncio.sleep(0.1)
            await caller.chunks(b": keepalive\n\n", end=False)
        await caller.chunks(b"data: [DONE]\n\n")

    async with RawServer(talk) as server:
        assert [Event("data", "[DONE]")] == await events(wire, ask(server, patience=0.4))


async def test_a_stream_that_stands_still_is_given_up_after_the_idle_time(wire: Wire) -> None:
    """Once it has begun, the long patience for a first piece does not count any more."""
    wire.idle = 0.1
    async with RawServer(saying(b'{"a":1}\n', end=False)) as server:
        async with asyncio.timeout(5):
            found = await trouble(wire, ask(server, patience=60.0))
    assert isinstance(found, BackendUnavailable)
