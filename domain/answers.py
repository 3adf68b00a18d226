"""What the bot shows: drafts and progress while it works, a reply when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.messages import Attachment


class Phase(StrEnum):
    """The states in which somebody may have to wait."""

    QUEUED = "queued"
    CARD = "card"
    NIGHT = "night"
    LISTENING = "listening"
    LOOKING = "looking"
    READING = "reading"
    DRAWING = "drawing"
    FILMING = "filming"
    LOADING = "loading"
    THINKING = "thinking"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole answer so far, in Markdown; replaced by the next one and never stored.

    `heard` is what the person was heard to say, shown as a quotation above it.
    """

    text: str
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is; replaced by the next one and never stored.

    `share` is from 0 to 1, or None where nobody can tell; `note` is in the user's language.
    `glimpse` is the file of what an unfinished picture looks like, shown now and then.
    """

    phase: Phase
    note: str
    share: float | None = None
    glimpse: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `act` is at most 64 bytes of `verb:argument`."""

    label: str
    act: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in Markdown, stored before it is sent.

    `rows` are the rows of buttons below it. `thoughts` is what a model thought aloud, shown
    folded. `plain` texts are shown as they stand, without Markdown. `heard` is what the person was
    heard to say, shown as a quotation above the text. Attachments stand above the text, each as a
    message of its own; a `captioned` text stands under the last of them in the same message.
    """

    text: str
    attachments: tuple[Attachment, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    thoughts: str = ""
    plain: bool = False
    heard: str = ""
    captioned: bool = False
