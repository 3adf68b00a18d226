"""The network: the only place that opens it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from domain.errors import BackendError, BackendUnavailable
from services.bulk import encoded
from services.connections import LONGEST_LINE, Connection, reaching
from services.exchange import Answer, Ask, Event, decoded, record, refusal, text, translated

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    import httpx

    from services.talks import Talk

__all__ = ["Answer", "Ask", "Connection", "Event", "Wire"]

_FAREWELL = 0.1  # seconds that a server has to end an answer whose last line has come


@dataclass(slots=True)
class Wire:
    """Asks servers over HTTP, WebSockets or plain TCP; one for the whole program.

    It is closed with `aclose`. `idle` is how many seconds a stream that has begun may stand still,
    `connect` how many a server has to take a connection. `trusted` says who vouches for servers
    behind TLS; without it the usual authorities do.
    """

    idle: float = 60.0
    connect: float = 5.0
    trusted: ssl.SSLContext | None = field(default=None, repr=False)
    _client: httpx.AsyncClient | None = field(default=None, init=False, repr=False)

    async def json(self, ask: Ask) -> Any:
        """Ask and return the decoded answer, None where its body is empty."""
        async with self.answer(ask) as answer:
            body = await answer.whole()
        return decoded(ask, body) if body.strip() else None

    async def whole(self, ask: Ask, largest: int) -> bytes:
        """Ask and return the bytes of the answer; more than `largest` are BackendNonsense."""
        async with self.answer(ask) as answer:
            return await answer.whole(largest)

    async def kept(self, ask: Ask, path: Path, largest: int) -> int:
        """Ask and write the answer into a file; tells its size, more is BackendNonsense.

        Raises OSError where the disk takes no more.
        """
        async with self.answer(ask) as answer:
            return await answer.kept(path, largest)

    async def lines(
        self, ask: Ask, last: Callable[[dict[str, Any]], bool]
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Yield the JSON objects of a stream, one a line, up to the one that is `last`.

        A stream that ends without its last line is BackendUnavailable.
        """
        async with self.answer(ask) as answer, aclosing(answer.lines()) as lines:
            async for line in lines:
                answer.begun = True
                piece = record(ask, line)
                yield piece
                if last(piece):
                    await _farewell(lines)
                    return
        raise BackendUnavailable(ask.server, "the answer broke off")

    async def events(self, ask: Ask, last: Callable[[Event], bool]) -> AsyncGenerator[Event, None]:
        """Yield the server-sent lines that say something, up to the one that is `last`.

        Those are the fields `data` and `error`; comments and empty lines are signs of life. Chat
        servers put an event on one line. A stream may end without its last line here.
        """
        async with self.answer(ask) as answer, aclosing(answer.lines()) as lines:
            async for line in lines:
                event = _event(ask, line)
                if event is None:
                    continue
                answer.begun = True
                yield event
                if last(event):
                    await _farewell(lines)
                    return

    @asynccontextmanager
    async def answer(self, ask: Ask) -> AsyncIterator[Answer]:
        """Ask and hand over the answer once its head is there; leaving closes it at once."""
        client = self._opened()
        with translated(ask):
            async with asyncio.timeout(ask.patience):
                response = await client.send(
                    _request(ask), stream=True, follow_redirects=ask.follows
                )
        try:
            answer = Answer(ask, response, self.idle)
            if response.status_code >= 300 and response.status_code not in ask.takes:
                raise await refusal(answer)
            yield answer
        finally:
            await response.aclose()

    @asynccontextmanager
    async def connection(self, ask: Ask) -> AsyncIterator[Connection]:
        """Connect to a server at "tcp://host:port"; leaving closes the connection at once."""
        where = urlsplit(ask.url)
        with translated(ask):
            async with reaching(self.connect):
                reader, writer = await asyncio.open_connection(
                    where.hostname, where.port, limit=LONGEST_LINE
                )
        try:
            yield Connection(ask, reader, writer, self.idle)
        finally:
            writer.transport.abort()

    @asynccontextmanager
    async def talk(self, ask: Ask) -> AsyncIterator[Talk]:
        """Open a WebSocket at "ws://…" or "wss://…"; leaving says goodbye and closes it."""
        # importing websockets takes 0.1 s, which only who speaks so has to pay
        from services.talks import talking  # noqa: PLC0415

        async with talking(ask, self.connect, self.trusted) as talk:
            yield talk

    async def aclose(self) -> None:
        """Close all connections that are kept."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            # importing httpx takes 0.2 s, which only who speaks to a server has to pay
            import httpx  # noqa: PLC0415

            from services.sockets import Sockets  # noqa: PLC0415

            self._client = httpx.AsyncClient(
                transport=Sockets(self.connect, self.trusted),
                trust_env=False,
                timeout=None,  # noqa: S113 (each question has its own)
            )
        return self._client


async def _farewell(lines: AsyncIterator[bytes]) -> None:
    """Give the server a moment to end its answer, so that the connection can be used again."""
    try:
        async with asyncio.timeout(_FAREWELL):
            async for _ in lines:
                pass
    except (TimeoutError, BackendError):
        pass  # everything has come already


def _event(ask: Ask, line: bytes) -> Event | None:
    if line.startswith(b"{"):  # who does not stream, or refuses with status 200, sends bare JSON
        return Event("data", text(ask, line))
    name, _, value = line.partition(b":")
    if name not in {b"data", b"error"}:
        return None
    return Event(name.decode(), text(ask, value).removeprefix(" "))


def _request(ask: Ask) -> httpx.Request:
    import httpx  # noqa: PLC0415 (imported already, by the client)

    headers = {"accept-encoding": "identity", "user-agent": "hearthbot", **ask.headers}
    if ask.secret:
        headers["authorization"] = f"Bearer {ask.secret}"
    if ask.form is None and ask.body is None:
        return httpx.Request("GET", ask.url, headers=headers)
    headers["content-type"] = "application/json"
    sent = ask.form or encoded(ask.body or {})
    if isinstance(sent, bytes):
        return httpx.Request("POST", ask.url, headers=headers, content=sent)
    headers |= sent.headers()
    again = {"again": True}  # unlike other streams, these can be read twice
    return httpx.Request("POST", ask.url, headers=headers, content=sent, extensions=again)
