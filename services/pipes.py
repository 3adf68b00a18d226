"""One connection's bytes, as asyncio hands them over and as httpcore asks for them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpcore

MUCH = 256 * 1024
"""Bytes that may wait to be read before the server is held back."""


class Pipe(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """A connection to a server; `touched` once a byte has come.

    Timeouts are not its affair: who waits too long cancels.
    """

    def __init__(self) -> None:
        self.touched = False
        self._received = bytearray()
        self._unsent = bytearray()
        self._over = False
        self._trouble: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._full = False
        self._transport: asyncio.Transport

    @property
    def quiet(self) -> bool:
        """Whether the server has neither closed nor said anything unasked."""
        return not (self._over or self._received)

    def abort(self) -> None:
        """Close at once, whatever is still on its way."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; asyncio calls this."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take bytes; asyncio calls this."""
        self.touched = True
        self._received += data
        if len(self._received) > MUCH:
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        """Learn that nothing more will come; asyncio calls this."""
        self._end(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the connection is gone; asyncio calls this."""
        self._end(exc)

    def pause_writing(self) -> None:
        """Learn that the server reads slowly; asyncio calls this."""
        self._full = True

    def resume_writing(self) -> None:
        """Learn that the server has read; asyncio calls this."""
        self._full = False
        _wake(self._writer)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 (httpcore's)
        """Return what has come, b"" at the end; raises httpcore.ReadError."""
        self._send()
        if not self._received and not self._over:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        if not self._received and self._trouble is not None:
            raise httpcore.ReadError(str(self._trouble)) from self._trouble
        data = bytes(self._received[:max_bytes])
        del self._received[:max_bytes]
        if not self._over and len(self._received) <= MUCH:
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 (httpcore's)
        """Send, head and body of a request together; raises httpcore.WriteError."""
        if self._over:
            raise httpcore.WriteError("the server has closed the connection")
        self._unsent += buffer
        if len(self._unsent) > MUCH:
            self._send()
        if self._full:
            self._writer = asyncio.get_running_loop().create_future()
            try:
                await self._writer
            finally:
                self._writer = None

    async def aclose(self) -> None:
        """Close at once."""
        self.abort()

    def get_extra_info(self, info: str) -> Any:
        """Tell httpcore whether an unused connection has become useless."""
        return not self.quiet if info == "is_readable" else None

    def _send(self) -> None:
        if self._unsent and not self._over:
            self._transport.write(self._unsent)
        self._unsent = bytearray()

    def _end(self, trouble: Exception | None) -> None:
        self._over = True
        self._full = False
        self._trouble = self._trouble or trouble
        _wake(self._reader)
        _wake(self._writer)


def _wake(waiting: asyncio.Future[None] | None) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)
