"""What all fake servers share: a true HTTP server on a free port, and a script to play."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

Words = str | Callable[[Mapping[str, Any]], str]

SMALL_TALK = "Hello! I am a model that only pretends. Ask me anything."


@dataclass(slots=True)
class Script:
    """How a fake server behaves; tests change it at any time.

    `answer` is the text, or a function of the request. `words_per_second` 0 means at once.
    `first_after` delays the head of the answer, `silence` the first word after the head.
    `break_after` words the connection is cut, `hang_after` words nothing more comes,
    `error_after` words the server says `error` in the stream. Another `status` than 200 refuses
    with `error`. `deaf` takes connections and never answers anything. `realtime` is how many
    seconds a second of sound takes.
    """

    answer: Words = SMALL_TALK
    thoughts: str = ""
    words_per_second: float = 0.0
    first_after: float = 0.0
    silence: float = 0.0
    break_after: int | None = None
    hang_after: int | None = None
    error_after: int | None = None
    status: int = 200
    error: object = "something went wrong"
    deaf: bool = False
    realtime: float = 0.0

    def text(self, request: Mapping[str, Any]) -> str:
        """The answer to a request."""
        return self.answer if isinstance(self.answer, str) else self.answer(request)


@dataclass(slots=True)
class Request:
    """A request that came in; times are those of time.monotonic().

    `body` is its JSON, or the texts of a form and the bytes of its files.
    `left` is set when the client went away before the answer was complete.
    """

    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    came: float = field(default_factory=time.monotonic)
    ended: float = 0.0
    sent: int = 0
    left: asyncio.Event = field(default_factory=asyncio.Event)


Play = Callable[[web.Request, Request], Awaitable[web.StreamResponse]]


class Cut(Exception):
    """The script says that the connection breaks here."""


class Fake(AbstractAsyncContextManager["Fake"]):
    """A server on a free port of this machine; `requests` are those that came in."""

    def __init__(self, script: Script | None = None, port: int = 0) -> None:
        self.script = script or Script()
        self.requests: list[Request] = []
        self.url = ""
        self.came = asyncio.Condition()
        self._port = port
        self._runner: web.AppRunner | None = None

    def routes(self) -> list[web.RouteDef]:
        """What this server answers to."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after a stop on the same port again."""
        app = web.Application(client_max_size=64 << 20)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=1024)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Stop listening and cut all connections, as a server that is killed."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def asked(self, path: str, count: int = 1) -> Request:
        """Wait until `path` was asked `count` times and return the last of them."""
        async with asyncio.timeout(10), self.came:
            await self.came.wait_for(lambda: len(self.to(path)) >= count)
        return self.to(path)[count - 1]

    def to(self, path: str) -> list[Request]:
        """The requests that went to `path`."""
        return [one for one in self.requests if one.path == path]

    def route(self, method: str, path: str, play: Play) -> web.RouteDef:
        """Answer to a path with a function; writes the request down and notices who leaves."""

        async def handler(request: web.Request) -> web.StreamResponse:
            noted = await self._note(request)
            try:
                if self.script.deaf:
                    await asyncio.Event().wait()
                return await play(request, noted)
            except Cut:
                return _cut(request)
            except (asyncio.CancelledError, ConnectionError):
                noted.left.set()
                raise
            finally:
                noted.ended = time.monotonic()

        return web.route(method, path, handler)

    async def stream(
        self, request: web.Request, frames: AsyncGenerator[str, None], headers: Mapping[str, str]
    ) -> web.StreamResponse:
        """Send frames as they come."""
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b"")
        async with aclosing(frames):
            async for frame in frames:
                await response.write(frame.encode())
        await response.write_eof()
        return response

    async def _note(self, request: web.Request) -> Request:
        if request.content_type == "multipart/form-data":
            body = _form(await request.post())
        else:
            body = _json(await request.read())
        noted = Request(request.path, body, dict(request.headers))
        self.requests.append(noted)
        async with self.came:
            self.came.notify_all()
        return noted

    async def words(self, noted: Request) -> AsyncGenerator[str, None]:
        """Yield the words of the answer at their pace, breaking as the script wants it."""
        script = self.script
        due = time.monotonic() + script.silence
        for number, word in enumerate(pieces_of(script.text(noted.body))):
            if number == script.break_after:
                raise Cut
            if number == script.hang_after:
                await asyncio.Event().wait()
            await asyncio.sleep(max(due - time.monotonic(), 0))
            noted.sent += 1
            yield word
            due += 1 / script.words_per_second if script.words_per_second else 0


def pieces_of(text: str) -> list[str]:
    """Cut a text into words that keep their spaces, as models' tokens do."""
    words = text.split(" ")
    return [word if not at else f" {word}" for at, word in enumerate(words)] if text else []


def _form(posted: Mapping[str, Any]) -> Mapping[str, Any]:
    """The texts of a form, and the bytes of its files."""
    body: dict[str, Any] = {}
    for name, value in posted.items():
        if isinstance(value, web.FileField):
            with value.file as file:
                body[name] = file.read()
        else:
            body[name] = value
    return body


def _json(raw: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        return {"_broken": raw.decode("utf-8", "replace")}
    return body if isinstance(body, dict) else {"_broken": body}


def _cut(request: web.Request) -> web.StreamResponse:
    """Close the connection in the middle of what was being said."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


def command_line(what: str | None, make: Callable[[Script, int], Fake]) -> None:
    """Run a fake until it is interrupted; prints where it listens as a line of JSON."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--words-per-second", type=float, default=15.0)
    parser.add_argument("--first-after", type=float, default=0.0, help="seconds")
    parser.add_argument("--words", type=int, default=0, help="length of an answer; 0 = small talk")
    parser.add_argument("--realtime", type=float, default=0.0, help="seconds a second of sound")
    parser.add_argument("--until-stdin-closes", action="store_true")
    given = parser.parse_args()
    answer = " ".join(["word"] * given.words) or SMALL_TALK
    script = Script(answer, words_per_second=given.words_per_second, first_after=given.first_after)
    script.realtime = given.realtime
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(make(script, given.port), attended=given.until_stdin_closes))


async def _serve(fake: Fake, *, attended: bool) -> None:
    async with fake:
        print(json.dumps({"url": fake.url}), flush=True)  # noqa: T201 (its whole output)
        if attended:
            await asyncio.to_thread(sys.stdin.buffer.read)
        else:
            await asyncio.Event().wait()
