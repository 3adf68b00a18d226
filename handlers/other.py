"""Everything that cannot be read yet."""

from aiogram import F, Router
from aiogram.enums import ContentType
from aiogram.types import Message

from handlers.addressed import Addressed
from handlers.rules import Rule
from handlers.translate import incoming
from services.intake import Desk

router = Router(name="other")

SPOKEN_TO_US = {
    ContentType.ANIMATION,
    ContentType.CHECKLIST,
    ContentType.CONTACT,
    ContentType.DICE,
    ContentType.GAME,
    ContentType.LOCATION,
    ContentType.PAID_MEDIA,
    ContentType.POLL,
    ContentType.STICKER,
    ContentType.STORY,
    ContentType.VENUE,
}
"""What a person sends on purpose; notices such as "joined the group" are no question."""


@router.message(Rule(F.content_type.in_(SPOKEN_TO_US)), Addressed())
async def on_other(message: Message, intake: Desk) -> None:
    """Say once an album what can be read."""
    group, sent_at = message.media_group_id or "", message.date.timestamp()
    await intake.act("unsupported", incoming(message), sent_at=sent_at, group=group)
