"""Texts."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import Message

from handlers.addressed import Addressed
from handlers.rules import Rule
from handlers.translate import incoming
from services.intake import Desk

router = Router(name="text")

COMMAND = r"^/\w+(@\w+)?(\s|$)"
"""A command; a path such as /usr/bin is none."""


@router.message(Rule(F.text.regexp(COMMAND)), Rule(F.chat.type == ChatType.PRIVATE))
async def on_unknown(message: Message, intake: Desk) -> None:
    """Answer a command that does not exist."""
    await intake.act("unknown", incoming(message), sent_at=message.date.timestamp())


@router.message(Rule(F.text & ~F.text.regexp(COMMAND)), Addressed())
async def on_text(message: Message, intake: Desk, text: str) -> None:
    """Queue a question."""
    said = incoming(message, text)
    sent_at = message.date.timestamp()
    if text:
        await intake.accept("chat", said, sent_at=sent_at)
    else:
        await intake.act("empty", said, sent_at=sent_at)
