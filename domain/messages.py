"""What people say: places, people, attachments, and the line of a conversation."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an attachment is."""

    PHOTO = "photo"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    ANIMATION = "animation"
    DOCUMENT = "document"
    OTHER = "other"


SOUNDING = frozenset({Kind.VOICE, Kind.AUDIO, Kind.VIDEO})
"""What can be listened to."""

VISIBLE = frozenset({Kind.PHOTO})
"""What can be looked at."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file by its name; the bytes stay where they are.

    What came from Telegram has its `ref` there; what goes there has it on the shelf. `size` is in
    bytes and `seconds` is how long it sounds, 0 where unknown. `name` is what its sender called it.
    `text` is what it says, once that was heard or read. `width` and `height` are a film's in
    pixels where it goes to Telegram, which does not look into it; 0 where unknown.
    """

    kind: Kind
    ref: str
    mime: str
    size: int
    seconds: float = 0.0
    name: str = ""
    text: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks; `language` is a two-letter code as their client reports it, or empty."""

    id: int
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation happens: a chat, or one topic in it."""

    chat: int
    topic: int | None = None
    private: bool = True

    @property
    def lane(self) -> str:
        """The name of the strict order that this place's messages keep."""
        return str(self.chat) if self.topic is None else f"{self.chat}:{self.topic}"


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that somebody replied to; `ours` when the bot had written it.

    `author` is the person who wrote it, 0 where that was no person or nobody can tell.
    """

    message: int
    text: str
    ours: bool
    author: int = 0


@dataclass(frozen=True, slots=True)
class Incoming:
    """What somebody said, with its identity (chat, message)."""

    place: Place
    message: int
    person: Person
    text: str
    attachments: tuple[Attachment, ...] = ()
    about: Quote | None = None

    @property
    def heard(self) -> str:
        """What was said aloud, as far as it is known."""
        spoken = (one.text for one in self.attachments if one.kind in SOUNDING)
        return "\n".join(text for text in spoken if text)

    @property
    def whole(self) -> str:
        """What was said, in writing and aloud."""
        return "\n".join(text for text in (self.text, self.heard) if text)

    def to_json(self) -> str:
        """The form in which it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, stored: str) -> Incoming:
        """Read the stored form back; raises KeyError or ValueError where it is damaged."""
        raw: dict[str, Any] = json.loads(stored)
        return cls(
            place=Place(**raw["place"]),
            message=raw["message"],
            person=Person(**raw["person"]),
            text=raw["text"],
            attachments=tuple(_attachment(one) for one in raw["attachments"]),
            about=Quote(**raw["about"]) if raw["about"] else None,
        )


class Role(StrEnum):
    """Who said a line of a conversation."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of a conversation as models read it."""

    role: Role
    text: str
    attachments: tuple[Attachment, ...] = ()


def _attachment(raw: dict[str, Any]) -> Attachment:
    return Attachment(**{**raw, "kind": Kind(raw["kind"])})
