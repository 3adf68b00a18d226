"""Everything that can be looked at."""

from aiogram import F, Router
from aiogram.types import Message

from handlers.addressed import Addressed
from handlers.rules import Rule
from handlers.translate import incoming
from services.intake import Desk

router = Router(name="pictures")

PICTURE = (
    F.photo
    | F.document.mime_type.startswith("image/")
    | (F.sticker.is_animated.is_(False) & F.sticker.is_video.is_(False))
)
"""A picture may be sent as a file; a GIF comes as a document too, and moves."""


@router.message(Rule(PICTURE & ~F.animation), Addressed())
async def on_picture(message: Message, intake: Desk, text: str) -> None:
    """Queue a picture; an album is one question."""
    group, sent_at = message.media_group_id or "", message.date.timestamp()
    await intake.accept("look", incoming(message, text), sent_at=sent_at, group=group)
