"""The bytes of a file from Telegram: written piece by piece, counted, and given up when they stop.

The address contains the token, so no error that comes out of here knows the address.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from yarl import URL

from bot.delivery.session import CONNECT_SECONDS
from domain.errors import BackendUnavailable

TELEGRAM = "Telegram"
QUIET_SECONDS = 20.0
PIECE = 256 * 1024


class TooLargeError(Exception):
    """There are more bytes than may be."""


class GoneError(Exception):
    """Telegram does not have the file any more."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file at an address: `size` in bytes as Telegram has it, 0 where unknown; `most` may be."""

    url: URL
    size: int
    most: int


async def save(
    session: ClientSession, source: Source, file: Path, quiet: float = QUIET_SECONDS
) -> None:
    """Write a file; it is given up when nothing comes for `quiet` seconds, first or later.

    Raises TooLargeError, GoneError or BackendUnavailable, and leaves nothing behind.
    """
    limits = ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=quiet)
    try:
        async with session.get(source.url, timeout=limits, allow_redirects=False) as answer:
            _check(answer, source)
            with _begun(file) as opened:
                async with aclosing(_counted(answer, source)) as pieces:
                    async for piece in pieces:
                        await asyncio.to_thread(opened.write, piece)
    except (ClientError, TimeoutError, ConnectionError) as trouble:
        raise BackendUnavailable(TELEGRAM, f"download: {type(trouble).__name__}") from None
    except OSError as trouble:
        raise BackendUnavailable("the disk", trouble.strerror or "cannot be written") from None


def _check(answer: ClientResponse, source: Source) -> None:
    if answer.status in {400, 404, 410}:
        raise GoneError
    if answer.status != 200:
        raise BackendUnavailable(TELEGRAM, f"download: HTTP {answer.status}")
    if (answer.content_length or 0) > source.most:
        raise TooLargeError


async def _counted(answer: ClientResponse, source: Source) -> AsyncGenerator[bytes, None]:
    count = 0
    async for piece in answer.content.iter_chunked(PIECE):
        count += len(piece)
        if count > source.most:
            raise TooLargeError
        yield piece
    if source.size not in (0, count):
        raise BackendUnavailable(TELEGRAM, f"download: {count} bytes of {source.size}")


@contextmanager
def _begun(file: Path) -> Iterator[BinaryIO]:
    """A new file, of which nothing stays where the block fails."""
    with file.open("wb") as opened:
        try:
            yield opened
        except BaseException:
            file.unlink(missing_ok=True)
            raise
