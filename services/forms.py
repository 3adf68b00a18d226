"""A form with a file, sent from the disk piece by piece."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 128 << 10
"""Bytes of the file that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Form:
    """Texts by their names, and a file of `size` bytes.

    `named` is the name under which the file goes, and its own without its ending. It may be sent
    more than once. The boundary is random, so that no file can hold it.
    """

    texts: Mapping[str, str]
    path: Path
    size: int
    mime: str = "audio/wav"
    named: tuple[str, str] = ("file", "speech")
    boundary: str = field(default_factory=lambda: secrets.token_hex(16))

    @classmethod
    def of(cls, texts: Mapping[str, str], path: Path) -> Form:
        """Make a form with a file that is there; raises FileNotFoundError."""
        return cls(texts, path, path.stat().st_size)

    def headers(self) -> dict[str, str]:
        """What HTTP has to know before the first piece."""
        length = len(self._before()) + self.size + len(self._after())
        return {
            "content-type": f"multipart/form-data; boundary={self.boundary}",
            "content-length": str(length),
        }

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the bytes; no file stays open between two pieces. Raises OSError."""
        yield self._before()
        for start in range(0, self.size, PIECE):
            yield await asyncio.to_thread(self._read, start, min(PIECE, self.size - start))
        yield self._after()

    def _read(self, start: int, size: int) -> bytes:
        with self.path.open("rb") as file:
            file.seek(start)
            piece = file.read(size)
        if len(piece) < size:
            raise OSError(f"{self.path.name} has shrunk")  # the server would wait for the rest
        return piece

    def _before(self) -> bytes:
        texts = "".join(
            f"{self._part(name)}\r\n\r\n{text}\r\n" for name, text in self.texts.items()
        )
        part, name = self.named
        file = f'{self._part(part)}; filename="{name}{self.path.suffix}"'
        return f"{texts}{file}\r\nContent-Type: {self.mime}\r\n\r\n".encode()

    def _after(self) -> bytes:
        return f"\r\n--{self.boundary}--\r\n".encode()

    def _part(self, name: str) -> str:
        return f'--{self.boundary}\r\nContent-Disposition: form-data; name="{name}"'
