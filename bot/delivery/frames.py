"""What a frame of running work looks like, as a draft or as a live message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.delivery.body import Body
from bot.delivery.calls import DraftRich, DraftText
from bot.delivery.markdown import QUOTED_AT_MOST, last_part, plain_parts, quoted
from bot.delivery.parts import CAPTION_LIMIT, LIMIT, Part, shortened, under, units, visible
from bot.delivery.source import needs_rich, prepared
from domain.answers import Button, Draft, Phase, Progress
from domain.jobs import Job
from domain.messages import Attachment, Kind

Seen = Draft | Progress
_BAR = 12
_PICTURE = Attachment(Kind.PHOTO, "", "", 0)

WORTH_READING = 100
"""UTF-16 units; less of what was heard is not shown."""


LONG = frozenset({"draw", "film", "gif"})
"""The tasks that take minutes: shown from the start in a message that stays, with a button."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of the screen in a person's language; what takes long is cancelled."""

    stop: str
    thinking: str
    cancel: str


Words = Callable[[Job], Labels]


def has_text(seen: Seen | None) -> bool:
    """Whether an answer has begun, or it can be read what was heard."""
    return isinstance(seen, Draft) and (visible(seen.text) or visible(seen.heard))


def draft_frame(job: Job, seen: Seen, *, rich: bool) -> DraftText | DraftRich:
    """Make the draft that shows it; where nothing is to be read, Telegram says that it thinks."""
    place = job.payload.place
    where: dict[str, Any] = {
        "chat_id": place.chat,
        "draft_id": job.id,
        "message_thread_id": place.topic,
    }
    if rich and isinstance(seen, Draft) and not seen.heard and needs_rich(seen.text):
        return DraftRich(**where, rich_message={"markdown": prepared(seen.text)})
    part = _part(seen)
    return DraftText(**where, text=part.text, entities=part.entities or None)


def live_frame(job: Job, seen: Seen, labels: Labels) -> Body:
    """Make the message that shows it, with a button to stop."""
    part = _part(seen)
    if not part.text:
        part = Part(labels.thinking)
    stop = Button(labels.cancel if job.task in LONG else labels.stop, f"stop:{job.id}")
    return Body(part, rows=((stop,),), reply_to=job.payload.message)


def captioned(frame: Body) -> Body:
    """The same frame under a picture, where there is room for less."""
    text = shortened(frame.part.text, CAPTION_LIMIT)
    part = frame.part if text == frame.part.text else Part(text)
    return replace(frame, part=part, file=_PICTURE)


def _part(seen: Seen) -> Part:
    if isinstance(seen, Draft):
        return _written(seen)
    if seen.phase is Phase.THINKING and seen.share is None:
        return Part("")
    shown = "\n".join(filter(None, [seen.note, _bar(seen.share)]))
    return next(iter(plain_parts(shown)), Part(""))


def _written(draft: Draft) -> Part:
    """The answer so far, under as much of what was heard as there is room for."""
    part = last_part(draft.text)
    if not visible(draft.heard):
        return part
    if not part.text:
        return quoted(draft.heard)
    room = min(QUOTED_AT_MOST, LIMIT - units(part.text) - 1)
    return under(quoted(draft.heard, room), part) if room >= WORTH_READING else part


def _bar(share: float | None) -> str:
    if share is None:
        return ""
    share = min(1.0, max(0.0, share))
    full = round(share * _BAR)
    return f"{'▰' * full}{'▱' * (_BAR - full)} {share:.0%}"
