"""What the tests of the memory work with: a clock to turn, and things that people say."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from domain.messages import Attachment, Incoming, Kind, Person, Place
from storage.intake import NewJob


@dataclass(slots=True)
class Clock:
    """A clock that is turned by hand, forwards or back."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        """What it shows now."""
        return self.now


@dataclass(slots=True)
class Talk:
    """Makes things that people say, each with a message id and an update id of its own."""

    _ids: count[int] = field(default_factory=lambda: count(1))

    def says(
        self, text: str = "hello", *, chat: int = 1, person: int = 0, topic: int | None = None
    ) -> Incoming:
        """Somebody says something in a chat; by default the person whose private chat it is."""
        who = person or chat
        return Incoming(Place(chat, topic), next(self._ids), Person(who, f"P{who}", "en"), text)

    def shows(self, ref: str, text: str = "", *, chat: int = 1) -> Incoming:
        """Somebody shows a photo."""
        said = self.says(text, chat=chat)
        photo = Attachment(Kind.PHOTO, ref, "image/jpeg", 1)
        return Incoming(said.place, said.message, said.person, text, (photo,))

    def job(self, said: Incoming | None = None, /, **fields: Any) -> NewJob:
        """A new job with an update id of its own."""
        incoming = said or self.says()
        return NewJob(**{"task": "chat", "pool": "text", "incoming": incoming,
                         "update": next(self._ids), **fields})  # fmt: skip
