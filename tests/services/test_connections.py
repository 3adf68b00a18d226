"""Plain connections: deadlines, limits, and troubles that have one translation."""

import asyncio

import pytest

from domain.errors import BackendError, BackendNonsense, BackendUnavailable
from services.connections import LONGEST_LINE
from services.wire import Ask, Connection, Wire
from tests.fakes.raw import Caller, RawServer


def question(server: RawServer, patience: float = 10.0) -> Ask:
    """A question to a raw server."""
    return Ask("the server", f"tcp://127.0.0.1:{server.port}", patience=patience)


def saying(*parts: bytes) -> RawServer:
    """A server that says some bytes to whoever comes, and closes."""

    async def talk(caller: Caller) -> None:
        await caller.say(*parts)

    return RawServer(talk)


def silent() -> RawServer:
    """A server that takes nothing and says nothing."""

    async def talk(_caller: Caller) -> None:
        await asyncio.Event().wait()

    return RawServer(talk)


async def trouble(wire: Wire, ask: Ask) -> BackendError:
    """The error that reading a line ends in."""
    with pytest.raises(BackendError) as caught:
        await first_line(wire, ask)
    return caught.value


async def first_line(wire: Wire, ask: Ask) -> bytes:
    """The first line that a server says."""
    async with wire.connection(ask) as connection:
        return await connection.line()


async def test_lines_and_bytes_are_read_as_they_were_said(wire: Wire) -> None:
    """However they were cut on their way."""
    async with saying(b"on", b"e\nfo", b"ur") as server, wire.connection(question(server)) as pipe:
        assert (b"one\n", b"four", b"") == (
            await pipe.line(),
            await pipe.exactly(4),
            await pipe.exactly(0),
        )
        assert 8 == pipe.taken


async def test_nobody_listening_is_down(wire: Wire) -> None:
    """The chain need not try that again at once."""
    async with saying() as server:
        ask = question(server)
    found = await trouble(wire, ask)
    assert isinstance(found, BackendUnavailable)
    assert found.down
    assert str(found).startswith("the server: not reached: ")


async def test_a_machine_that_does_not_answer_is_down_in_time() -> None:
    """Whoever drops packets does not hold anybody up."""
    ask = Ask("the server", "tcp://192.0.2.1:10300")  # an address that belongs to nobody
    found = await trouble(Wire(connect=0.2), ask)
    assert isinstance(found, BackendUnavailable)
    assert found.down


@pytest.mark.parametrize("parts", [(), (b"half a line",)])
async def test_an_answer_that_ends_too_early_has_broken_off(
    wire: Wire, parts: tuple[bytes, ...]
) -> None:
    """With or without a piece of it."""
    async with saying(*parts) as server:
        found = await trouble(wire, question(server))
    assert isinstance(found, BackendUnavailable)
    assert "the server: the answer broke off" == str(found)


async def test_a_line_that_does_not_end_is_nonsense(wire: Wire) -> None:
    """And it does not fill the memory."""

    async def talk(caller: Caller) -> None:
        while True:
            await caller.say(b"x" * 100_000)

    async with RawServer(talk) as server, wire.connection(question(server)) as pipe:
        with pytest.raises(BackendNonsense, match="the server: a line does not end"):
            await pipe.line()
        assert len(pipe.reader._buffer) < 3 * LONGEST_LINE  # type: ignore[attr-defined]


async def test_patience_is_for_the_first_piece_and_the_rest_may_stand_still_less(
    wire: Wire,
) -> None:
    """As with every other answer."""
    wire.idle = 0.1
    async with saying_and_hanging(b"one\n") as server:
        async with wire.connection(question(server)) as pipe:
            await pipe.line()
            pipe.begun = True
            with pytest.raises(BackendUnavailable, match="no answer in time"):
                await pipe.line()
        assert "the server: no answer in time" == str(
            await trouble(wire, question(server, patience=0.0))
        )


async def test_a_server_that_takes_nothing_is_left_in_time(wire: Wire) -> None:
    """Sending waits for it no longer than reading does."""
    async with silent() as server, wire.connection(question(server, patience=0.2)) as pipe:
        with pytest.raises(BackendUnavailable, match="no answer in time"):
            await flood(pipe)


async def flood(pipe: Connection) -> None:
    """Send until the server takes no more."""
    while True:
        await pipe.write(b"x" * 1_000_000)


async def test_leaving_closes_the_connection_at_once(wire: Wire) -> None:
    """The server need not work for nobody."""

    async def talk(caller: Caller) -> None:
        caller.heard.set()
        await caller.wait_until_gone()

    async with RawServer(talk) as server:
        async with wire.connection(question(server)):
            caller = await server.caller()
        async with asyncio.timeout(10):
            await caller.gone.wait()


def saying_and_hanging(*parts: bytes) -> RawServer:
    """A server that says some bytes and then nothing more."""

    async def talk(caller: Caller) -> None:
        await caller.say(*parts)
        await caller.wait_until_gone()

    return RawServer(talk)
