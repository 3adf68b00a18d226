"""Texts."""

from aiogram import F, Router
from aiogram.types import Message

from handlers.addressed import Addressed
from handlers.called import COMMAND
from handlers.rules import Rule
from handlers.translate import incoming
from services.intake import Desk

router = Router(name="text")


@router.message(Rule(F.text & ~F.text.regexp(COMMAND)), Addressed())
async def on_text(message: Message, intake: Desk, text: str) -> None:
    """Queue a question."""
    said = incoming(message, text)
    sent_at = message.date.timestamp()
    if text:
        await intake.accept("chat", said, sent_at=sent_at)
    else:
        await intake.act("empty", said, sent_at=sent_at)
