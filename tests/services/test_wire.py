"""The wire: what it sends, what it makes of answers, and how it lets go."""

import subprocess
import sys

import pytest

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable
from services.exchange import LARGEST
from services.wire import Event, Wire
from tests.fakes.raw import HEAD, Caller, RawServer, pieces, refusing, saying
from tests.services.asking import ask, events, lines, trouble


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
    part = b"1" * 1_000_000  # a number, though a long one
    async with RawServer(saying(*[part] * (LARGEST // len(part) + 1))) as server:
        with pytest.raises(BackendNonsense, match="more than"):
            await wire.json(ask(server))


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
