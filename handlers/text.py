"""Texts."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import Message

from domain.messages import SOUNDING, VISIBLE, Kind
from handlers.addressed import Addressed
from handlers.called import COMMAND
from handlers.rules import Rule
from handlers.translate import TASKS, borrowed
from services.intake import Desk

router = Router(name="text")

SHOWN = VISIBLE | {Kind.DOCUMENT}


@router.message(Rule(F.text & ~F.text.regexp(COMMAND)), Addressed())
async def on_text(message: Message, intake: Desk, text: str) -> None:
    """Queue a question; one about a picture has that looked at, one in a group listened to."""
    private = message.chat.type == ChatType.PRIVATE
    said = borrowed(message, text, SHOWN if private else SHOWN | SOUNDING)
    sent_at = message.date.timestamp()
    if said.attachments:
        await intake.accept(TASKS[said.attachments[0].kind], said, sent_at=sent_at)
    elif text:
        await intake.accept("chat", said, sent_at=sent_at)
    else:
        await intake.act("empty", said, sent_at=sent_at)
