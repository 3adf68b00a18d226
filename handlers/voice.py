"""Everything that can be listened to."""

from aiogram import F, Router
from aiogram.types import Message

from handlers.addressed import Addressed
from handlers.rules import Rule
from handlers.translate import incoming
from services.intake import Desk

router = Router(name="voice")

SOUND = (
    F.voice
    | F.audio
    | F.video_note
    | F.video
    | F.document.mime_type.startswith("audio/")
    | F.document.mime_type.startswith("video/")
)
"""A file may be sent as such; a GIF comes as a document too, and is silent."""


@router.message(Rule(SOUND & ~F.animation), Addressed())
async def on_sound(message: Message, intake: Desk, text: str) -> None:
    """Queue a recording; it is listened to and answered."""
    group, sent_at = message.media_group_id or "", message.date.timestamp()
    await intake.accept("hear", incoming(message, text), sent_at=sent_at, group=group)


@router.message(Rule(F.voice | F.video_note))
async def on_overheard(message: Message, intake: Desk) -> None:
    """Write down what people of a group say to each other, where they want that."""
    group, sent_at = message.media_group_id or "", message.date.timestamp()
    await intake.overhear(incoming(message), sent_at=sent_at, group=group)
