"""A question to a server, its answer, and the one translation of the troubles between them.

nobody answers, too slow, broken off, 408, 429, 5xx   BackendUnavailable
other refusals                                        BackendRejected, with its `status`
not what the protocol says                            BackendNonsense
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.errors import BackendError, BackendNonsense, BackendRejected, BackendUnavailable
from services.complaints import Complaint
from services.cutting import Lines, LineTooLong
from services.forms import Form

if TYPE_CHECKING:
    import httpx

LARGEST = 8 << 20
"""Bytes that an answer which is not streamed may have."""

_AT_A_TIME = 1 << 20  # bytes that are written to the disk at once
_COMPLAINT = 64 << 10  # bytes of a refusal that are read
_PASSING = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a server; without a body and without a form it is a GET.

    `server` is its name for the operator. `patience` is how many seconds may pass before the first
    piece of the answer; signs of life that carry nothing begin them anew. What `strays` goes where
    an answer leads to. The statuses that it `takes` are answers to be read, not refusals.
    """

    server: str
    url: str
    body: Mapping[str, object] | None = None
    secret: str = field(default="", repr=False)
    patience: float = 120.0
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Form | None = None
    strays: bool = True
    takes: frozenset[int] = frozenset()

    @property
    def follows(self) -> bool:
        """Whether a redirect is followed; it would lose what is sent along."""
        return self.strays and self.body is None and self.form is None


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a stream of server-sent events: its field and its value."""

    name: str
    text: str


@dataclass(slots=True)
class Answer:
    """An answer whose head has come; `begun` once it has said something.

    Before that the patience of the question counts, then the wire's `idle` seconds.
    """

    ask: Ask
    response: httpx.Response
    idle: float
    begun: bool = False

    @property
    def status(self) -> int:
        """HTTP's word for how it went."""
        return self.response.status_code

    @property
    def length(self) -> int:
        """The number of bytes that will come, 0 where the server does not tell."""
        told = self.response.headers.get("content-length", "")
        return int(told) if told.isdecimal() else 0

    def header(self, name: str) -> str:
        """A header of the answer, or of a redirect that led to it; empty where there is none."""
        led = (self.response, *self.response.history)
        return next((one.headers[name] for one in led if name in one.headers), "")

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes as they come."""
        source = self.response.aiter_raw()
        while True:
            with translated(self.ask):
                async with asyncio.timeout(self.idle if self.begun else self.ask.patience):
                    piece = await anext(source, None)
            if piece is None:
                return
            yield piece

    async def kept(self, path: Path, largest: int) -> int:
        """Write the bytes into a file as they come and tell their number; the rest as `whole`.

        Raises OSError where the disk takes no more.
        """
        count, waiting = 0, bytearray()
        with await asyncio.to_thread(path.open, "wb") as file:
            async with aclosing(self.pieces()) as pieces:
                async for piece in pieces:
                    self.begun = True
                    count += len(piece)
                    if count > largest:
                        raise BackendNonsense(self.ask.server, f"more than {largest} bytes")
                    waiting += piece
                    if len(waiting) >= _AT_A_TIME:
                        await asyncio.to_thread(file.write, waiting)
                        waiting = bytearray()
            await asyncio.to_thread(file.write, waiting)
        if self.length and count < self.length:
            raise BackendUnavailable(self.ask.server, "the answer broke off")
        return count

    async def lines(self) -> AsyncGenerator[bytes, None]:
        """Yield the lines without their ends."""
        cut = Lines()
        async with aclosing(self.pieces()) as pieces:
            async for piece in pieces:
                for line in self._fed(cut, piece):
                    yield line
        for line in cut.finish():
            yield line

    async def whole(self, largest: int = LARGEST) -> bytes:
        """Return the bytes of an answer that is not streamed; more than `largest` are nonsense."""
        body = bytearray()
        async with aclosing(self.pieces()) as pieces:
            async for piece in pieces:
                self.begun = True
                body += piece
                if len(body) > largest:
                    raise BackendNonsense(self.ask.server, f"more than {largest} bytes")
        return bytes(body)

    def _fed(self, cut: Lines, piece: bytes) -> list[bytes]:
        try:
            return cut.feed(piece)
        except LineTooLong as error:
            raise BackendNonsense(self.ask.server, "a line does not end") from error


def complain(ask: Ask, status: int, complaint: Complaint) -> BackendError:
    """Turn a server's refusal into the error that it is; the secret is never part of it."""
    words = complaint.words.replace(ask.secret, "***") if ask.secret else complaint.words
    reason = f"{status} {words}" if status else words
    if status >= 500 or status in _PASSING or not status:
        return BackendUnavailable(ask.server, reason)
    return BackendRejected(ask.server, reason, status, complaint.code)


async def refusal(answer: Answer) -> BackendError:
    """Read why a server refuses; its status says enough where it does not finish."""
    body = b""
    try:
        async with asyncio.timeout(answer.idle), aclosing(answer.pieces()) as pieces:
            async for piece in pieces:
                body += piece
                if len(body) > _COMPLAINT:
                    break
    except (TimeoutError, BackendUnavailable):
        pass
    return complain(answer.ask, answer.response.status_code, Complaint.read(body[:_COMPLAINT]))


@contextmanager
def translated(ask: Ask) -> Iterator[None]:
    """Turn what the libraries below raise into BackendUnavailable."""
    import httpx  # noqa: PLC0415 (imported already, by the client)

    try:
        yield
    except ConnectionRefusedError as error:
        raise BackendUnavailable(ask.server, f"not reached: {error}", down=True) from error
    except TimeoutError as error:
        raise BackendUnavailable(ask.server, "no answer in time") from error
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise BackendUnavailable(ask.server, str(error) or type(error).__name__) from error


def record(ask: Ask, line: bytes) -> dict[str, Any]:
    """Decode a JSON object; raises BackendNonsense."""
    piece = decoded(ask, line)
    if not isinstance(piece, dict):
        raise BackendNonsense(ask.server, f"a line holds a {type(piece).__name__}")
    return piece


def decoded(ask: Ask, raw: bytes) -> Any:
    """Decode JSON; raises BackendNonsense, which tells the size and nothing of the content."""
    try:
        return json.loads(text(ask, raw))
    except (ValueError, RecursionError):
        raise BackendNonsense(ask.server, f"{len(raw)} bytes that are not JSON") from None


def text(ask: Ask, raw: bytes) -> str:
    """Decode UTF-8; raises BackendNonsense."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise BackendNonsense(ask.server, f"{len(raw)} bytes that are not UTF-8") from None
