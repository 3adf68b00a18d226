"""Connections are kept, replaced and let go of."""

import asyncio
import gc
from contextlib import aclosing

import httpx
import pytest

from domain.errors import BackendRejected
from services.sockets import KEPT_A_SERVER, KEPT_SECONDS, Sockets
from services.wire import Wire
from tests.fakes.raw import HEAD, Caller, RawServer, saying
from tests.services.asking import ask, is_done, lines, trouble


async def test_leaving_a_stream_closes_its_connection_at_once(wire: Wire) -> None:
    """The server notices and stops generating."""
    async with RawServer(saying(b'{"a":1}\n', end=False)) as server:
        async with aclosing(wire.lines(ask(server), last=is_done)) as stream:
            await anext(stream)
            assert not server.callers[0].gone.is_set()
        async with asyncio.timeout(5):
            await server.callers[0].gone.wait()


async def test_an_answer_that_nobody_reads_is_let_go(wire: Wire) -> None:
    """Its head may have been enough."""
    async with RawServer(saying(b'{"a":1}\n', end=False)) as server:
        async with wire.answer(ask(server)) as answer:
            assert 200 == answer.status
        async with asyncio.timeout(5):
            await server.callers[0].gone.wait()


@pytest.mark.parametrize("sent", [(), (b'{"a":1}\n',)], ids=["before", "after"])
async def test_cancelling_closes_the_connection_at_once(
    wire: Wire, sent: tuple[bytes, ...]
) -> None:
    """Before the first piece just as after it."""
    begun = asyncio.Event()

    async def consume() -> None:
        async with aclosing(wire.lines(ask(server), last=is_done)) as stream:
            async for _ in stream:
                begun.set()

    async with RawServer(saying(*sent, end=False)) as server, asyncio.timeout(10):
        task = asyncio.create_task(consume())
        caller = await server.caller()
        if sent:
            await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await caller.gone.wait()


async def test_cancelling_while_connecting_loses_no_socket(wire: Wire) -> None:
    """At whatever step: it is closed, or kept and closed in the end, or collected loudly."""
    async with RawServer(saying(b'{"done":true}\n')) as server:
        for steps in range(160):
            task = asyncio.create_task(lines(wire, ask(server)))
            for _ in range(steps % 40):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})
        await wire.aclose()
        await server.until_all_gone()
    gc.collect()


async def test_a_connection_is_used_again(wire: Wire) -> None:
    """A second question need not knock first."""
    async with RawServer(saying(b'{"done":true}\n')) as server:
        for _ in range(3):
            await lines(wire, ask(server))
        assert 1 == len(server.callers)


async def test_a_connection_that_died_unused_is_replaced_silently(wire: Wire) -> None:
    """llama.cpp's server closes what nobody used for five seconds, just when we may begin."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(HEAD)
        await caller.chunks(b'{"done":true}\n')
        if caller.number == 0:
            await caller.hear()  # the next question arrives, and the door closes

    async with RawServer(talk) as server:
        await lines(wire, ask(server))
        assert [{"done": True}] == await lines(wire, ask(server))
        assert 2 == len(server.callers)


async def test_a_fresh_connection_that_dies_is_not_tried_again(wire: Wire) -> None:
    """A server that falls over its question is not given it twice."""

    async def talk(caller: Caller) -> None:
        await caller.hear()

    async with RawServer(talk) as server:
        await trouble(wire, ask(server))
        assert 1 == len(server.callers)


async def test_words_said_unasked_are_never_taken_for_an_answer(wire: Wire) -> None:
    """Some servers say 408 on an unused connection before they close it."""
    answered, spoken = asyncio.Event(), asyncio.Event()

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(HEAD)
        await caller.chunks(b'{"done":true}\n')
        if caller.number == 0:
            await answered.wait()
            await caller.say(b"HTTP/1.1 408 Too Slow\r\nContent-Length: 0\r\n\r\n")
            spoken.set()
            await caller.wait_until_gone()

    async with RawServer(talk) as server, RawServer(saying(b'{"done":true}\n')) as other:
        await lines(wire, ask(server))
        answered.set()
        await spoken.wait()
        await lines(wire, ask(other))  # a way there and back: the words have arrived by now
        assert [{"done": True}] == await lines(wire, ask(server))


async def test_a_long_question_waits_for_a_slow_reader(wire: Wire) -> None:
    """The bytes are not piled up in the memory, and none is lost."""
    words = "word " * 1_000_000
    heard = list[bytes]()

    async def talk(caller: Caller) -> None:
        heard.append((await caller.hear())[1])
        await caller.say(HEAD)
        await caller.chunks(b'{"done":true}\n')

    async with RawServer(talk) as server:
        assert [{"done": True}] == await lines(wire, ask(server, body={"q": words}))
    assert f'{{"q":"{words}"}}'.encode() == heard[0]


async def test_a_server_that_closes_before_it_has_read_all_may_still_answer(wire: Wire) -> None:
    """413 comes like this: the refusal is told, not the broken pipe."""

    async def talk(caller: Caller) -> None:
        await caller.say(b"HTTP/1.1 413 Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig")
        await caller.wait_until_gone()

    async with RawServer(talk) as server:
        found = await trouble(wire, ask(server, body={"q": "word " * 1_000_000}))
    assert isinstance(found, BackendRejected)
    assert 413 == found.status


async def test_a_fast_server_waits_for_a_slow_reader(wire: Wire) -> None:
    """What the bot has not read yet is held back at the server."""
    said = list[int]()

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(HEAD)
        for number in range(400):
            await caller.chunks(b'{"a":"%s"}\n' % (b"x" * 50_000), end=False)
            said.append(number)
        await caller.chunks(b'{"done":true}\n')

    async with RawServer(talk) as server:
        count = 0
        async with aclosing(wire.lines(ask(server), last=is_done)) as stream:
            await anext(stream)
            for _ in range(200):
                await asyncio.sleep(0)  # the server may go on as far as it can
            held_back = len(said)
            async for _ in stream:
                count += 1
    assert held_back < 400
    assert 400 == count


async def test_a_connection_that_was_unused_for_long_is_closed() -> None:
    """The clock is ours; the second question opens a new one, and the old one is let go."""
    now = 0.0
    sockets = Sockets(5.0, clock=lambda: now)

    async with (
        RawServer(saying(b"hello")) as server,
        httpx.AsyncClient(transport=sockets) as client,
    ):
        assert "hello" == (await client.get(server.url)).text
        now = KEPT_SECONDS - 1
        assert "hello" == (await client.get(server.url)).text
        assert 1 == len(server.callers)
        now = 3 * KEPT_SECONDS
        assert "hello" == (await client.get(server.url)).text
        assert 2 == len(server.callers)


async def test_a_rush_that_is_cut_short_loses_no_socket() -> None:
    """When everything is slow, a cancellation meets connections at the strangest moments."""
    wire = Wire()
    async with RawServer(saying(*[b'{"a":1}\n'] * 20, b'{"done":true}\n')) as server:
        tasks = [asyncio.create_task(lines(wire, ask(server))) for _ in range(100)]
        await server.caller(20)
        for number, task in enumerate(tasks):
            task.cancel()
            if number % 10 == 0:
                await asyncio.sleep(0)
        await asyncio.wait(tasks)
        await wire.aclose()
        await server.until_all_gone()


async def test_no_more_than_so_many_unused_connections_are_kept(wire: Wire) -> None:
    """After a rush the rest is given back to the system."""
    together = asyncio.Event()

    async def talk(caller: Caller) -> None:
        while True:
            await caller.hear()
            if len(server.callers) == KEPT_A_SERVER + 20:
                together.set()
            await together.wait()
            await caller.say(HEAD)
            await caller.chunks(b'{"done":true}\n')

    async with RawServer(talk) as server, asyncio.timeout(30):
        async with asyncio.TaskGroup() as group:
            for _ in range(KEPT_A_SERVER + 20):
                group.create_task(lines(wire, ask(server)))
        await server.until_all_gone(but=KEPT_A_SERVER)


async def test_http_1_0_ends_with_its_connection(wire: Wire) -> None:
    """mlx_lm tells no length and keeps no connection."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(b"HTTP/1.0 200 OK\r\n\r\n", b'{"done":true}\n')

    async with RawServer(talk) as server:
        for _ in range(2):
            assert [{"done": True}] == await lines(wire, ask(server))
        assert 2 == len(server.callers)


async def test_many_streams_at_once_have_no_limit(wire: Wire) -> None:
    """Slots are the only limit on concurrency, and they are not here."""
    together = asyncio.Event()

    async def talk(caller: Caller) -> None:
        await caller.hear()
        if len(server.callers) == 300:
            together.set()
        await together.wait()
        await caller.say(HEAD)
        await caller.chunks(b'{"done":true}\n')

    async with RawServer(talk) as server, asyncio.timeout(30), asyncio.TaskGroup() as group:
        for _ in range(300):
            group.create_task(lines(wire, ask(server)))
