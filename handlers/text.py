"""Texts."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import Message

from handlers.addressed import Addressed
from handlers.called import COMMAND
from handlers.rules import Rule
from handlers.translate import borrowed, incoming
from services.intake import Desk

router = Router(name="text")


@router.message(Rule(F.text & ~F.text.regexp(COMMAND)), Addressed())
async def on_text(message: Message, intake: Desk, text: str) -> None:
    """Queue a question; in a group, one about a recording has that listened to."""
    private = message.chat.type == ChatType.PRIVATE
    said = incoming(message, text) if private else borrowed(message, text)
    sent_at = message.date.timestamp()
    if said.attachments:
        await intake.accept("hear", said, sent_at=sent_at)
    elif text:
        await intake.accept("chat", said, sent_at=sent_at)
    else:
        await intake.act("empty", said, sent_at=sent_at)
