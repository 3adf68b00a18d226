"""A new job before it is written: others may join it, and it may be refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from domain.jobs import State, Wish
from domain.messages import Incoming
from storage.quotas import Charge, Why

LONGEST_HOLD = 5.0  # seconds after its creation, however much still joins


@dataclass(frozen=True, slots=True)
class NewJob:
    """Something to be done; `update` is Telegram's id of it, known once and never again.

    A job with `join` waits `hold` seconds for others with the same word in the same lane. One with
    a `charge` is accepted only as far as crowd and quota allow; what joins another costs nothing.
    """

    task: str
    pool: str
    incoming: Incoming
    update: int | None = None
    lane: str | None = None
    hold: float = 0.0
    join: str = ""
    answer: int | None = None
    wish: Wish = Wish.SAME
    charge: Charge | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a job is not accepted, and how much of that is left."""

    why: Why
    left: float

    def __str__(self) -> str:
        return f"{self.why} {round(self.left, 3):g}"


@dataclass(slots=True)
class Draft:
    """A job that others may still join before it is written."""

    entry: NewJob
    incoming: Incoming
    created_at: float
    now: float
    id: int = 0
    grown: bool = False
    parts: list[int] = field(default_factory=list)
    refused: Refusal | None = None

    @property
    def lane(self) -> str:
        """The strict order that it keeps."""
        return self.entry.lane or self.incoming.place.lane

    @property
    def until(self) -> float:
        """When it may be claimed; 0 is always, whatever happens to the clock."""
        if not self.entry.hold:
            return 0.0
        return min(self.now + self.entry.hold, self.created_at + LONGEST_HOLD)

    def join(self, entry: NewJob, now: float) -> None:
        """Take in what was said after it."""
        self.incoming = joined(self.incoming, entry.incoming, entry.join)
        self.parts.append(entry.incoming.message)
        self.entry, self.now, self.grown = replace(self.entry, hold=entry.hold), now, True

    def refuse(self, charge: Charge, refusal: Refusal) -> None:
        """Become the job that tells why; it waits for nobody, and writes an answer of its own."""
        name = self.incoming.message if self.entry.update is None else self.entry.update
        self.entry = replace(
            self.entry,
            task=charge.instead,
            pool="quick",
            lane=f"{self.lane}!{name}",
            hold=0.0,
            join="",
            answer=None,
        )
        self.refused = refusal

    def row(self) -> dict[str, Any]:
        """The row of the table."""
        said, entry = self.incoming, self.entry
        return {
            "lane": self.lane,
            "pool": entry.pool,
            "task": entry.task,
            "person": said.person.id,
            "chat": said.place.chat,
            "topic": said.place.topic,
            "private": said.place.private,
            "message": said.message,
            "payload": said.to_json(),
            "state": State.QUEUED.value,
            "not_before": self.until,
            "held_at": self.now,
            "join_key": entry.join,
            "answer": entry.answer,
            "wish": entry.wish.value,
            "created_at": self.created_at,
            "checkpoint": str(self.refused or ""),
        }


def joined(first: Incoming, second: Incoming, key: str) -> Incoming:
    """Two messages as one: the first's identity, both texts, all attachments."""
    gap = "\n" if key.startswith("album:") and first.text and second.text else ""
    return replace(
        first,
        text=first.text + gap + second.text,
        attachments=first.attachments + second.attachments,
    )
