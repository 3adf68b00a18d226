"""The wire: what it sends, what it makes of answers, and how it lets go."""

import asyncio
import subprocess
import sys
from contextlib import aclosing
from typing import Any

import pytest

from domain.errors import BackendError, BackendNonsense, BackendRejected, BackendUnavailable
from services.exchange import LARGEST
from services.wire import Ask, Event, Wire
from tests.fakes.raw import HEAD, Caller, RawServer, pieces, refusing, saying


def ask(server: RawServer, **more: Any) -> Ask:
    """A question with a body, which makes it a POST."""
    return Ask("the server", f"{server.url}/ask", more.pop("body", {"q": 1}), **more)


def is_done(line: dict[str, Any]) -> bool:
    """Whether a line is the last."""
    return bool(line.get("done"))


async def lines(wire: Wire, question: Ask) -> list[dict[str, Any]]:
    """All lines of an answer."""
    async with aclosing(wire.lines(question, last=is_done)) as stream:
        return [line async for line in stream]


async def events(wire: Wire, question: Ask) -> list[Event]:
    """All events of an answer."""
    async with aclosing(wire.events(question, last=lambda one: one.text == "[DONE]")) as stream:
        return [event async for event in stream]


async def trouble(wire: Wire, question: Ask) -> BackendError:
    """The error that a question ends in."""
    with pytest.raises(BackendError) as caught:
        await lines(wire, question)
    return caught.value


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
async def test_lines_arrive_whole_however_they_are_sent(wire: Wire, size: int) -> None:
    """Chunks cut characters and lines anywhere; U+2028 does not end a line."""
    sent = ['{"t":"тихо\u2028 🙂"}\r\n'.encode(), b'{"done":true}\n']
    async with RawServer(saying(*pieces(sent, size))) as server:
        assert [{"t": "тихо\u2028 🙂"}, {"done": True}] == await lines(wire, ask(server))


async def test_a_last_line_needs_no_newline(wire: Wire) -> None:
    """Some servers end without one."""
    async with RawServer(saying(b'{"done":true}')) as server:
        assert [{"done": True}] == await lines(wire, ask(server))


async def test_a_stream_without_its_last_line_broke_off(wire: Wire) -> None:
    """An end of the connection is no end of an answer."""
    async with RawServer(saying(b'{"a":1}\n')) as server:
        found = await trouble(wire, ask(server))
    assert isinstance(found, BackendUnavailable)
    assert "broke off" in str(found)


@pytest.mark.parametrize("size", [1, 3, 1000])
async def test_events_are_the_lines_that_say_something(wire: Wire, size: int) -> None:
    """Comments, ids and empty lines carry nothing; an error may come as a field of its own."""
    sent = [
        b": keepalive 1/2\n\n",
        b'event: message\nid: 7\nretry: 5\ndata: {"a": 1}\r\n\r\n',
        b"data:[]\n\n: more\n\nerror: {}\n\ndata: [DONE]\n\n",
    ]
    expected = [
        Event("data", '{"a": 1}'),
        Event("data", "[]"),
        Event("error", "{}"),
        Event("data", "[DONE]"),
    ]
    async with RawServer(saying(*pieces(sent, size))) as server:
        assert expected == await events(wire, ask(server))


async def test_bare_json_instead_of_events_is_an_event(wire: Wire) -> None:
    """A server that does not stream, or that refuses with status 200, answers like this."""
    async with RawServer(saying(b'{"error":"no"}')) as server:
        assert [Event("data", '{"error":"no"}')] == await events(wire, ask(server))


async def test_an_empty_body_is_none(wire: Wire) -> None:
    """mlx_lm lists its models like this when it has no cache."""
    async with RawServer(refusing(200, b"")) as server:
        assert await wire.json(ask(server, body=None)) is None


@pytest.mark.parametrize(
    "sent",
    [
        b"<html>secret words</html>\n",
        b'["secret words"]\n',
        b'{"secret words\n',
        b'{"t":"secret words\xff"}\n',
        b"[" * 50_000 + b"\n",
        b'{"t":"' + b"secret words" * 100_000,
    ],
    ids=["html", "array", "cut", "no utf-8", "deep", "endless"],
)
async def test_nonsense_is_told_by_its_shape_and_never_by_its_content(
    wire: Wire, sent: bytes
) -> None:
    """What people and models say does not get into the log."""
    async with RawServer(saying(*pieces([sent], 60_000))) as server:
        found = await trouble(wire, ask(server))
    assert isinstance(found, BackendNonsense)
    assert "secret" not in str(found)


async def test_an_answer_larger_than_any_sensible_one_is_nonsense(wire: Wire) -> None:
    """A server cannot fill the bot's memory."""
    part = b"x" * 1_000_000
    async with RawServer(saying(*[part] * (LARGEST // len(part) + 1))) as server:
        with pytest.raises(BackendNonsense):
            await wire.json(ask(server))


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


async def test_leaving_a_stream_closes_its_connection_at_once(wire: Wire) -> None:
    """The server notices and stops generating."""
    async with RawServer(saying(b'{"a":1}\n', end=False)) as server:
        async with aclosing(wire.lines(ask(server), last=is_done)) as stream:
            await anext(stream)
            assert not server.callers[0].gone.is_set()
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


async def test_the_secret_goes_to_the_server_and_nowhere_else(wire: Wire) -> None:
    """Not into an error, though the server repeats it, and not into a repr."""
    heads = []

    async def talk(caller: Caller) -> None:
        head, _ = await caller.hear()
        heads.append(head)
        await caller.say(b"HTTP/1.1 401 No\r\nContent-Length: 17\r\n\r\nnot sk-1234 again")

    async with RawServer(talk) as server:
        question = ask(server, secret="sk-1234")
        found = await trouble(wire, question)
    assert b"authorization: bearer sk-1234\r\n" in heads[0].lower()
    assert "sk-1234" not in f"{found!s}{found!r}{question!r}{question!s}"
    assert "401 not *** again" in str(found)


async def test_a_question_tells_no_origin_and_takes_no_compression(wire: Wire) -> None:
    """Ollama refuses strange origins; a compressed stream would be held back."""
    heard = []

    async def talk(caller: Caller) -> None:
        heard.append(await caller.hear())
        await caller.say(HEAD)
        await caller.chunks(b'{"done":true}\n')

    async with RawServer(talk) as server:
        await lines(wire, ask(server, body={"q": "тихо"}))
    head, body = heard[0]
    assert head.startswith(b"POST /ask HTTP/1.1\r\n")
    assert b"\r\norigin:" not in head.lower()
    assert b"\r\naccept-encoding: identity\r\n" in head.lower()
    assert b"\r\ncontent-type: application/json\r\n" in head.lower()
    assert '{"q":"тихо"}'.encode() == body


async def test_proxies_of_the_environment_are_not_used(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said to a server of this machine goes to it and to nobody between."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with RawServer(saying(b'{"done":true}\n')) as server:
        assert [{"done": True}] == await lines(wire, ask(server))


async def test_a_redirect_is_followed_for_a_download_alone(wire: Wire) -> None:
    """A question with a body would lose it on the way; then it is a refusal."""
    async with RawServer(refusing(200, b'{"here": 1}')) as there:
        moved = b"HTTP/1.1 302 Moved\r\nLocation: %s/x\r\nContent-Length: 0\r\n\r\n"

        async def talk(caller: Caller) -> None:
            await caller.hear()
            await caller.say(moved % there.url.encode())

        async with RawServer(talk) as server:
            assert {"here": 1} == await wire.json(ask(server, body=None))
            with pytest.raises(BackendRejected):
                await wire.json(ask(server))


async def test_closing_the_wire_closes_what_it_kept() -> None:
    """Nothing stays behind when the program ends; it may be used again."""
    wire = Wire()
    async with RawServer(saying(b'{"done":true}\n')) as server:
        await lines(wire, ask(server))
        await wire.aclose()
        await lines(wire, ask(server))
        await wire.aclose()
        await wire.aclose()
        assert 2 == len(server.callers)


def test_importing_the_wire_is_quick() -> None:
    """What speaks HTTP is loaded with the first question, not at the start of the program."""
    code = "import sys, services.wire; print('httpx' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert "False\n" == found.stdout
