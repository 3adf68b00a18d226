"""Wyoming's wire: events over TCP, each a line of JSON, more JSON and bytes.

The line tells the lengths of what follows it. Each question has a connection of its own: nothing
on the wire says which answer belongs to which question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.errors import BackendError, BackendNonsense, BackendRejected, BackendUnavailable
from services.complaints import Complaint
from services.connections import Connection
from services.exchange import Ask, record

LARGEST_DATA = 1 << 20
"""Bytes of JSON that may follow a line; the longest known list of voices has 86 kB."""

LARGEST_PAYLOAD = 4 << 20
"""Bytes that may follow that; servers send sound in pieces of 2 kB."""

MOST = 64 << 20
"""Bytes that a server may say to one question, each event counted as at least a thousand."""

_OUR_MISTAKES = frozenset(
    {"VoiceNotFoundError", "ValueError", "TypeError", "KeyError", "AssertionError"}
)
"""Servers are programs in Python and name their exceptions; these complain about the question."""


@dataclass(frozen=True, slots=True)
class Event:
    """What either side says: a kind, its JSON object, and bytes."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    payload: bytes = field(default=b"", repr=False)

    def written(self) -> bytes:
        """The event as it goes over the wire."""
        data = json.dumps(self.data, ensure_ascii=False).encode() if self.data else b""
        head: dict[str, object] = {"type": self.kind}
        lengths = {"data_length": len(data), "payload_length": len(self.payload)}
        head |= {name: length for name, length in lengths.items() if length}
        return b"%s\n%s%s" % (json.dumps(head).encode(), data, self.payload)


async def read(connection: Connection) -> Event:
    """Read the next event; raises BackendNonsense where it is none, or one that is too large."""
    ask = connection.ask
    head = record(ask, await connection.line())
    more = await connection.exactly(_length(ask, head, "data_length", LARGEST_DATA))
    payload = await connection.exactly(_length(ask, head, "payload_length", LARGEST_PAYLOAD))
    kind, data = head.get("type"), head.get("data") or {}
    if not (isinstance(kind, str) and isinstance(data, dict)):
        raise BackendNonsense(ask.server, "an event of another shape")
    return Event(kind, data | record(ask, more) if more else data, payload)


@dataclass(slots=True)
class Talk:
    """One question and its answer, event by event; the server may not talk without end."""

    connection: Connection
    _heard: int = field(default=0, init=False)

    async def tell(self, *events: Event) -> None:
        """Send events together."""
        await self.connection.write(b"".join(event.written() for event in events))

    async def hear(self, *kinds: str) -> Event:
        """Wait for an event of these kinds; others are passed over, an error is raised."""
        while True:
            event = await read(self.connection)
            self._heard += 1
            server = self.connection.ask.server
            if event.kind == "error":
                raise _refusal(server, event.data)
            if self.connection.taken + 1000 * self._heard > MOST:
                raise BackendNonsense(server, "it talks without end")
            if event.kind in kinds:
                self.connection.begun = True
                return event


def said(talk: Talk, event: Event) -> str:
    """The text of an event; raises BackendNonsense where it has none."""
    text = event.data.get("text")
    if not isinstance(text, str):
        raise BackendNonsense(talk.connection.ask.server, f"a {event.kind} without a text")
    return text


def _length(ask: Ask, head: Mapping[str, Any], name: str, most: int) -> int:
    length = head.get(name) or 0
    if type(length) is not int or length < 0:
        raise BackendNonsense(ask.server, f"its {name} is no length")
    if length > most:
        raise BackendNonsense(ask.server, f"its {name} is more than {most}")
    return length


def _refusal(server: str, data: Mapping[str, Any]) -> BackendError:
    """Turn an error event into what it is: a mistake of ours, or a trouble of the server's own."""
    complaint = Complaint.of({"error": {"message": data.get("text"), "code": data.get("code")}})
    reason = f"{complaint.code}: {complaint.words}" if complaint.code else complaint.words
    if complaint.code in _OUR_MISTAKES:
        return BackendRejected(server, reason, code=complaint.code)
    return BackendUnavailable(server, reason)
