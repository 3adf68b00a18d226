"""Public pages, downloaded into a file: the part of the wire that goes where strangers point.

What a name leads to is looked up here, once, and all of it is checked; the connection is made to
an address that was checked, so that a name cannot lead elsewhere a moment later. Each redirect is
a visit of its own. Nothing that comes out of here knows the address.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Container,
    Iterator,
    Sequence,
)
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import BinaryIO

import httpx

from domain.errors import BackendUnavailable
from services.links import VisitError, Why
from services.pipes import Pipe
from services.public import Address, is_public
from services.sockets import Sockets

REDIRECTS = 5
"""How often a page may send us on."""

_PORTS = frozenset({80, 443})
_SENT_ON = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "user-agent": "hearthbot",
    "accept": "text/html,application/pdf;q=0.9,*/*;q=0.8",
    "accept-encoding": "identity",  # a small answer must not unpack to a large one
}

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


async def looked_up(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, as the machine finds them; a number in any notation is one, too."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


@dataclass(frozen=True, slots=True)
class Visits:
    """Downloads pages of up to `most` bytes.

    `connect` seconds may pass until a connection stands, `idle` without a byte, `whole` in all.
    `allowed` and `ports` say where a visit may go, and `resolver` what a name leads to.
    """

    most: int
    allowed: Callable[[Address], bool] = is_public
    ports: Container[int] = _PORTS
    resolver: Resolver = looked_up
    connect: float = 5.0
    idle: float = 20.0
    whole: float = 90.0
    trusted: ssl.SSLContext | None = field(default=None, repr=False)

    async def save(self, address: str, file: Path) -> None:
        """Write the page into a file; raises VisitError, and leaves nothing behind then.

        A disk that does not take it is BackendUnavailable.
        """
        sockets = Sockets(self.connect, self.trusted, dial=self._dial)
        try:
            with _told():
                async with asyncio.timeout(self.whole):
                    await self._follow(sockets, httpx.URL(address), file)
        finally:
            await sockets.aclose()

    async def _follow(self, sockets: Sockets, url: httpx.URL, file: Path) -> None:
        for _ in range(REDIRECTS + 1):
            async with self._answered(sockets, url) as answer:
                if answer.status_code not in _SENT_ON:
                    await self._take(answer, file)
                    return
                url = url.join(answer.headers.get("location", ""))
        raise VisitError(Why.ROUND)

    @asynccontextmanager
    async def _answered(self, sockets: Sockets, url: httpx.URL) -> AsyncIterator[httpx.Response]:
        """Ask for the page, once it is sure that one may; leaving closes the answer."""
        port = url.port or (443 if url.scheme == "https" else 80)
        usual = url.scheme in {"http", "https"} and port in self.ports
        if not (usual and url.host) or url.userinfo:
            raise VisitError(Why.FORBIDDEN)
        async with asyncio.timeout(self.idle):
            answer = await sockets.handle_async_request(httpx.Request("GET", url, headers=_HEADERS))
        try:
            yield answer
        finally:
            await answer.aclose()

    async def _take(self, answer: httpx.Response, file: Path) -> None:
        if answer.status_code != 200:
            raise VisitError(Why.DENIED, answer.status_code)
        told = answer.headers.get("content-length", "")
        if told.isdecimal() and int(told) > self.most:
            raise VisitError(Why.LARGE)
        with _begun(file) as opened:
            async with aclosing(self._pieces(answer)) as pieces:
                async for piece in pieces:
                    await asyncio.to_thread(_write, opened, piece)

    async def _pieces(self, answer: httpx.Response) -> AsyncGenerator[bytes, None]:
        """The bytes as they come; more than may be are an error, as is a silence."""
        source, count = answer.aiter_raw(), 0
        while True:
            async with asyncio.timeout(self.idle):
                piece = await anext(source, None)
            if piece is None:
                return
            count += len(piece)
            if count > self.most:
                raise VisitError(Why.LARGE)
            yield piece

    async def _dial(self, host: str, port: int, tls: ssl.SSLContext | None) -> Pipe:
        """Connect to one of the addresses of a host; one that is not allowed forbids them all."""
        found = list(dict.fromkeys(await self.resolver(host, port)))
        if not all(self.allowed(ip_address(one)) for one in found):
            raise VisitError(Why.FORBIDDEN)
        trouble: OSError = ConnectionRefusedError("a name without an address")
        loop = asyncio.get_running_loop()
        for one in found:
            try:
                _, pipe = await loop.create_connection(
                    Pipe, one, port, ssl=tls, server_hostname=host if tls else None
                )
            except OSError as error:
                trouble = error
            else:
                return pipe
        raise trouble


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the libraries below raise into VisitError, which tells nothing of the address."""
    try:
        yield
    except (OSError, httpx.HTTPError, httpx.InvalidURL, ValueError):
        # ValueError is for names that no name can be; a TimeoutError is an OSError
        raise VisitError(Why.LOST) from None


@contextmanager
def _begun(file: Path) -> Iterator[BinaryIO]:
    """A new file, of which nothing stays where the block fails."""
    try:
        opened = file.open("wb")
    except OSError as trouble:
        raise _full(trouble) from None
    with opened:
        try:
            yield opened
        except BaseException:
            file.unlink(missing_ok=True)
            raise


def _write(opened: BinaryIO, piece: bytes) -> None:
    try:
        opened.write(piece)
    except OSError as trouble:
        raise _full(trouble) from None


def _full(trouble: OSError) -> BackendUnavailable:
    return BackendUnavailable("the disk", trouble.strerror or "cannot be written")
