"""Long texts in the bodies of questions: put into the JSON as they are.

The library takes 24 ms for each MB of a text, and nothing else of the program runs meanwhile.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bulk:
    """A text for a body: its beginning, and then bytes of base64, which JSON need not escape."""

    head: str
    rest: bytes = field(repr=False)

    def quoted(self) -> tuple[bytes, bytes, bytes]:
        """The parts of it as JSON."""
        return json.dumps(self.head)[:-1].encode(), self.rest, b'"'


def encoded(body: Mapping[str, object]) -> bytes:
    """Turn a body into JSON, with what is bulky in it copied once."""
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
    return b"".join(parts)
