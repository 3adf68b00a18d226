"""Connections are kept, replaced and let go of."""

import asyncio
import gc
from contextlib import aclosing

import pytest

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
    """At whatever step; a socket that is lost complains when it is collected."""
    async with RawServer(saying(b'{"done":true}\n')) as server:
        for steps in range(60):
            task = asyncio.create_task(lines(wire, ask(server)))
            for _ in range(steps % 12):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})
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
