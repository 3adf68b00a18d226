"""What is sent in the place of what Telegram does not take."""

from __future__ import annotations

from dataclasses import replace

from bot.delivery.body import Body
from bot.delivery.parts import CAPTION_LIMIT, Part, units, visible
from domain.messages import Attachment, Kind

_CHANGED = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.ANIMATION})
_ANY_FILE = Attachment(Kind.OTHER, "", "", 0)

NOTHING = Body(Part("…"))
"""What a message says between being found and being deleted."""


def under_what_is_there(body: Body) -> Body | None:
    """The same words under the file that a message has already, where they fit."""
    if body.file or body.rich or units(body.part.text) > CAPTION_LIMIT:
        return None
    return replace(body, file=_ANY_FILE)


def without_file(body: Body) -> Body | None:
    """What stands under a file as a message of its own."""
    return replace(body, file=None) if body.file and visible(body.part.text) else None


def as_document(body: Body) -> Body | None:
    """The same file as it is, where Telegram would have changed it."""
    if body.file is None or body.file.kind not in _CHANGED:
        return None
    return replace(body, file=replace(body.file, kind=Kind.DOCUMENT))


def guises(part: int, body: Body | None) -> list[Body]:
    """As what a message may have arrived."""
    if body is None:
        return [replace(NOTHING, file=_ANY_FILE) if part < 0 else NOTHING]
    words = without_file(body)
    return [body, words] if words else [body]
