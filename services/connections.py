"""A plain TCP connection to a server: deadlines, limits, and the wire's translation of troubles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from domain.errors import BackendNonsense, BackendUnavailable
from services.exchange import Ask, translated

LONGEST_LINE = 1 << 20
"""Bytes that a line may have; no more than twice as many wait unread."""


@dataclass(slots=True)
class Connection:
    """Bytes both ways; `begun` once the server has said something that counts.

    Before that the patience of the question counts, then the wire's `idle` seconds. What the
    server takes from us begins them anew. `taken` is how many bytes have been read.
    """

    ask: Ask
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    idle: float
    begun: bool = False
    taken: int = 0
    _deadline: asyncio.Timeout | None = field(default=None, init=False, repr=False)

    async def line(self) -> bytes:
        """Read a line with its end; one that does not end is BackendNonsense."""
        return await self._read(self.reader.readuntil(b"\n"))

    async def exactly(self, count: int) -> bytes:
        """Read so many bytes; who asks sets the limit."""
        return await self._read(self.reader.readexactly(count)) if count else b""

    async def write(self, parts: bytes) -> None:
        """Send, as fast as the server takes it."""
        with translated(self.ask):
            async with asyncio.timeout(self._seconds):
                self.writer.write(parts)
                await self.writer.drain()
        if self._deadline is not None and not self._deadline.expired():
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._seconds)

    @property
    def _seconds(self) -> float:
        return self.idle if self.begun else self.ask.patience

    async def _read(self, reading: Awaitable[bytes]) -> bytes:
        try:
            with translated(self.ask):
                async with asyncio.timeout(self._seconds) as self._deadline:
                    read = await reading
        except asyncio.IncompleteReadError:
            raise BackendUnavailable(self.ask.server, "the answer broke off") from None
        except asyncio.LimitOverrunError:
            raise BackendNonsense(self.ask.server, "a line does not end") from None
        finally:
            self._deadline = None
        self.taken += len(read)
        return read


@asynccontextmanager
async def reaching(seconds: float) -> AsyncIterator[None]:
    """Let the block connect; whatever keeps it from that is a ConnectionRefusedError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise ConnectionRefusedError(f"no connection within {seconds:g} s") from error
    except OSError as error:
        raise ConnectionRefusedError(error.strerror or str(error)) from error
