"""A server that says exactly the bytes it is told, for what no well-behaved server would say."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from types import TracebackType
from typing import Self

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

Talk = Callable[["Caller"], Awaitable[None]]


class Caller:
    """One connection as the server sees it.

    `heard` is set when a request has come, `gone` when the client has closed.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard = asyncio.Event()
        self.gone = asyncio.Event()
        self.number = 0
        self._reader = reader
        self._writer = writer

    async def hear(self) -> tuple[bytes, bytes]:
        """Read one request: its head and its body; the connection's end raises EOFError."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            ),
            0,
        )
        body = await self._reader.readexactly(length)
        self.heard.set()
        return head, body

    async def say(self, *parts: bytes) -> None:
        """Send bytes as they are, each part on its own."""
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()
            await asyncio.sleep(0)

    async def chunks(self, *parts: bytes, end: bool = True) -> None:
        """Send a streamed answer's parts, each as a chunk."""
        for part in parts:
            await self.say(b"%x\r\n%s\r\n" % (len(part), part))
        if end:
            await self.say(b"0\r\n\r\n")

    async def wait_until_gone(self) -> None:
        """Wait until the client closes."""
        with suppress(ConnectionError):
            while await self._reader.read(1024):
                pass
        self.gone.set()


class RawServer(AbstractAsyncContextManager["RawServer"]):
    """Listens on a free port and has `talk` with each caller; `callers` are all there were."""

    def __init__(self, talk: Talk, tls: ssl.SSLContext | None = None) -> None:
        self.callers: list[Caller] = []
        self.url = ""
        self.port = 0
        self._met = asyncio.Condition()
        self._talks = set[asyncio.Future[None]]()
        self._talk = talk
        self._tls = tls
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
        for caller in self.callers:
            caller._writer.transport.abort()
        for talk in self._talks:
            talk.cancel()
        if self._talks:
            await asyncio.wait(self._talks)
        for talk in self._talks:
            if not talk.cancelled() and not _left(talk):
                talk.result()  # a mistake in the talk itself must not go unnoticed

    async def caller(self, number: int = 0) -> Caller:
        """Wait until so many have called, and until that one has asked."""
        async with asyncio.timeout(10):
            async with self._met:
                await self._met.wait_for(lambda: len(self.callers) > number)
            await self.callers[number].heard.wait()
        return self.callers[number]

    async def until_all_gone(self, but: int = 0) -> None:
        """Wait until all callers are gone, but for so many at most."""
        async with asyncio.timeout(20), self._met:
            await self._met.wait_for(
                lambda: sum(not one.gone.is_set() for one in self.callers) <= but
            )

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        caller = Caller(reader, writer)
        caller.number = len(self.callers)
        self.callers.append(caller)
        async with self._met:
            self._met.notify_all()
        # a task of its own: asyncio logs a cancelled callback as an error
        talk = asyncio.ensure_future(self._talk(caller))
        self._talks.add(talk)
        await asyncio.wait({talk})
        if not talk.cancelled() and _left(talk):
            caller.gone.set()
        writer.close()
        async with self._met:
            self._met.notify_all()


def _left(talk: asyncio.Future[None]) -> bool:
    """Whether a talk ended because the client had gone."""
    return isinstance(talk.exception(), EOFError | ConnectionError)


def saying(*parts: bytes, head: bytes = HEAD, end: bool = True) -> Talk:
    """Answer each request with a stream of these parts."""

    async def talk(caller: Caller) -> None:
        while True:
            await caller.hear()
            await caller.say(head)
            await caller.chunks(*parts, end=end)
            if not end:
                await caller.wait_until_gone()
                return

    return talk


def refusing(status: int, body: bytes, kind: bytes = b"application/json") -> Talk:
    """Answer each request with a status and a body."""

    async def talk(caller: Caller) -> None:
        while True:
            await caller.hear()
            length = b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body))
            await caller.say(b"HTTP/1.1 %d Said\r\n%s%s" % (status, length, body))

    return talk


def pieces(parts: Sequence[bytes], size: int) -> list[bytes]:
    """The same bytes, cut into pieces of a size."""
    whole = b"".join(parts)
    return [whole[at : at + size] for at in range(0, len(whole), size)]
