"""Long texts in the bodies of questions: put into the JSON as they are.

The library takes 24 ms for each MB of a text, and nothing else of the program runs meanwhile.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

PIECE = 128 << 10
"""Bytes that are handed over at a time."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """A text for a body: its beginning, and then bytes of base64, which JSON need not escape."""

    head: str
    rest: bytes = field(repr=False)

    def quoted(self) -> tuple[bytes, bytes, bytes]:
        """The parts of it as JSON."""
        return json.dumps(self.head)[:-1].encode(), self.rest, b'"'


@dataclass(frozen=True, slots=True)
class Parcel:
    """A body in its parts, sent piece by piece; it may be sent more than once."""

    parts: tuple[bytes, ...]

    def headers(self) -> dict[str, str]:
        """What HTTP has to know before the first piece."""
        return {"content-length": str(sum(map(len, self.parts)))}

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the bytes; to hand over 20 MB at once would hold up all others for 0.2 s."""
        for part in self.parts:
            for start in range(0, len(part), PIECE):
                yield part[start : start + PIECE]


def encoded(body: Mapping[str, object]) -> bytes | Parcel:
    """Turn a body into JSON, which is a parcel where something in it is bulky."""
    mark, bulks = secrets.token_hex(16), list[Bulk]()

    def stand_in(one: object) -> str:
        if not isinstance(one, Bulk):
            raise TypeError(f"a {type(one).__name__} cannot be sent as JSON")
        bulks.append(one)
        return mark

    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=stand_in).encode()
    if not bulks:
        return text
    first, *others = text.split(f'"{mark}"'.encode())
    parts = [first]
    for bulk, after in zip(bulks, others, strict=True):
        parts += (*bulk.quoted(), after)
    return Parcel(tuple(parts))
