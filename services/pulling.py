"""Pulls weights: goes on where a pull was cut short, keeps only what its checksum vouches for."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable
from services.exchange import Answer
from services.weights import Weights
from services.wire import Ask, Wire

Told = Callable[[int, int], None]
"""Hears how many bytes of how many are there; 0 where the server does not tell the size."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """A file that has arrived; `vouched` by "us" (pinned), by "the server", or by "nobody"."""

    path: Path
    sha256: str
    vouched: str


@dataclass(slots=True)
class _Part:
    """What there is of a file so far, and its checksum so far."""

    path: Path
    digest: hashlib._Hash
    size: int = 0

    @classmethod
    def found(cls, path: Path) -> _Part:
        part = cls(path, hashlib.sha256())
        if path.exists():
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    part.take(block)
        return part

    def take(self, block: bytes) -> None:
        self.digest.update(block)
        self.size += len(block)

    def restart(self) -> None:
        self.path.unlink(missing_ok=True)
        self.digest, self.size = hashlib.sha256(), 0


async def pull(wire: Wire, weights: Weights, target: Path, told: Told) -> Pulled:
    """Fetch a file of weights into the folder `target`; the file appears when it is whole.

    Raises BackendUnavailable when the connection breaks, and what has come stays for the next try;
    BackendNonsense when the checksum is another, and nothing stays.
    """
    await asyncio.to_thread(target.mkdir, parents=True, exist_ok=True)
    part = await asyncio.to_thread(_Part.found, target / f"{weights.file}.part")
    try:
        vouched = await _fetch(wire, weights, part, told)
    except BackendRejected as error:
        if error.status != 416:
            raise
        # the part is longer than the file, so it is of another one
        part.restart()
        vouched = await _fetch(wire, weights, part, told)
    expected = weights.sha256 or vouched
    if expected and part.digest.hexdigest() != expected:
        part.restart()
        raise BackendNonsense(_server(weights), "the file has another checksum than it should")
    path = target / weights.file
    await asyncio.to_thread(part.path.replace, path)
    by = "us" if weights.sha256 else "the server" if vouched else "nobody"
    return Pulled(path, part.digest.hexdigest(), by)


async def _fetch(wire: Wire, weights: Weights, part: _Part, told: Told) -> str:
    """Fetch what is missing and return the checksum that the server tells, if any."""
    headers = {"range": f"bytes={part.size}-"} if part.size else {}
    ask = Ask(_server(weights), weights.url, headers=headers, patience=60.0)
    async with wire.answer(ask) as answer:
        if answer.status != 206 and part.size:
            part.restart()  # this server sends all or nothing
        total = part.size + answer.length if answer.length else weights.size
        with part.path.open("ab") as file:
            await _write(answer, part, file, lambda: told(part.size, total))
            await asyncio.to_thread(os.fsync, file.fileno())
        if part.size < total:
            raise BackendUnavailable(_server(weights), "the file broke off")
        return _checksum(answer)


async def _write(answer: Answer, part: _Part, file: BinaryIO, told: Callable[[], None]) -> None:
    async with aclosing(answer.pieces()) as pieces:
        async for piece in pieces:
            answer.begun = True
            file.write(piece)
            part.take(piece)
            told()


def _checksum(answer: Answer) -> str:
    """The hub's answer, or the redirect before it, tells the checksum of large files."""
    etag = answer.header("x-linked-etag").strip('"')
    return etag.lower() if len(etag) == 64 else ""


def _server(weights: Weights) -> str:
    return urlsplit(weights.url).hostname or weights.url
