"""The sockets under the wire: kept open between requests, one shelf of them a server.

This stands where httpx's own pool would stand. That pool walks over all its connections at the
beginning and the end of each request, so that with 200 of them a request costs 14 ms of processor
time; here it costs the same however many there are, a third of what it cost with a single one.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import httpcore
import httpx

from services.connections import reaching
from services.pipes import Pipe

KEPT_SECONDS = 30.0
"""How long an unused connection is kept; servers that close earlier are noticed."""

KEPT_A_SERVER = 256
"""How many unused connections are kept for one server."""

Dial = Callable[[str, int, ssl.SSLContext | None], Awaitable[Pipe]]


async def dialled(host: str, port: int, tls: ssl.SSLContext | None) -> Pipe:
    """Connect to a host, wherever it is; raises OSError."""
    # happy_eyeballs_delay would lose a socket whenever this is cancelled
    loop = asyncio.get_running_loop()
    _, pipe = await loop.create_connection(Pipe, host, port, ssl=tls)
    return pipe


@dataclass(slots=True)
class Sockets(httpx.AsyncBaseTransport):
    """Sends requests over connections of its own; there is no limit to their number.

    `dial` makes a connection to a host and a port, over TLS where it is given a context.
    """

    connect_seconds: float
    trusted: ssl.SSLContext | None = None
    clock: Callable[[], float] = time.monotonic
    dial: Dial = dialled
    _shelves: dict[tuple[bytes, bytes, int], _Shelf] = field(default_factory=dict)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the head of the answer; raises ConnectionError."""
        url = request.url
        origin = httpcore.Origin(url.raw_scheme, url.raw_host, url.port or _port(url))
        shelf = self._shelf(origin)
        known = shelf.take()
        if known is not None:
            try:
                return await _exchange(known, request, shelf)
            except ConnectionError:
                # a server may close a connection while nobody uses it, just as we begin to
                if not (known.untouched and _can_be_sent_again(request)):
                    raise
        return await _exchange(await self._open(origin), request, shelf)

    async def aclose(self) -> None:
        """Close what is kept; what is in use is closed by who uses it."""
        for shelf in self._shelves.values():
            await shelf.clear()

    def _shelf(self, origin: httpcore.Origin) -> _Shelf:
        where = (origin.scheme, origin.host, origin.port)
        return self._shelves.setdefault(where, _Shelf(self.clock))

    async def _open(self, origin: httpcore.Origin) -> _Connection:
        host, secure = origin.host.decode("ascii"), origin.scheme == b"https"
        async with reaching(self.connect_seconds):
            tls = self._tls() if secure else None
            pipe = await self.dial(host.strip("[]"), origin.port, tls)
        return _Connection(httpcore.AsyncHTTP11Connection(origin, pipe), pipe)

    def _tls(self) -> ssl.SSLContext:
        # reading the authorities takes 50 ms, which only who speaks to a cloud has to pay
        self.trusted = self.trusted or httpx.create_ssl_context(trust_env=False)
        return self.trusted


@dataclass(slots=True)
class _Connection:
    core: httpcore.AsyncHTTP11Connection
    pipe: Pipe
    since: float = 0.0

    @property
    def untouched(self) -> bool:
        """Whether no byte has come since the request was sent."""
        return not self.pipe.touched


@dataclass(slots=True)
class _Shelf:
    """The unused connections to one server, the one used last on top."""

    clock: Callable[[], float]
    kept: deque[_Connection] = field(default_factory=deque)

    def take(self) -> _Connection | None:
        while self.kept:
            connection = self.kept.pop()
            fresh = self.clock() - connection.since < KEPT_SECONDS
            if fresh and connection.pipe.quiet:
                connection.pipe.touched = False
                return connection
            connection.pipe.abort()
        return None

    def put(self, connection: _Connection) -> None:
        connection.since = self.clock()
        self.kept.append(connection)
        oldest = connection.since - KEPT_SECONDS
        while len(self.kept) > KEPT_A_SERVER or self.kept[0].since < oldest:
            self.kept.popleft().pipe.abort()

    async def clear(self) -> None:
        while self.kept:
            await self.kept.pop().core.aclose()


class _Body(httpx.AsyncByteStream):
    """The bytes of an answer; closed before its end it closes the connection at once."""

    def __init__(self, connection: _Connection, answer: httpcore.Response, shelf: _Shelf) -> None:
        self._connection = connection
        self._answer = answer
        self._shelf = shelf

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._answer.aiter_stream():
                yield chunk
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise ConnectionError(_words(error)) from error

    async def aclose(self) -> None:
        try:
            await self._answer.aclose()
        finally:
            # cancelled just here, it would be neither kept nor closed
            if self._connection.core.is_idle():
                self._shelf.put(self._connection)
            else:
                self._connection.pipe.abort()


async def _exchange(
    connection: _Connection, request: httpx.Request, shelf: _Shelf
) -> httpx.Response:
    try:
        answer = await connection.core.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise ConnectionError(_words(error)) from error
    except asyncio.CancelledError:
        connection.pipe.abort()  # cancelled before it had begun, nobody else would close it
        raise
    body = _Body(connection, answer, shelf)
    return httpx.Response(answer.status, headers=answer.headers, stream=body)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _can_be_sent_again(request: httpx.Request) -> bool:
    return isinstance(request.stream, httpx.ByteStream) or "again" in request.extensions


def _port(url: httpx.URL) -> int:
    return 443 if url.scheme == "https" else 80
