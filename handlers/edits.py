"""Edited questions."""

from aiogram import F, Router
from aiogram.types import Message

from handlers.addressed import Addressed
from handlers.rules import Rule
from handlers.translate import incoming
from services.intake import Desk

router = Router(name="edits")


@router.edited_message(Rule(F.text & ~F.text.startswith("/")), Addressed())
async def on_edit(message: Message, intake: Desk, text: str) -> None:
    """Answer the question as it reads now."""
    edited_at = message.edit_date or message.date.timestamp()
    await intake.act("edited", incoming(message, text), sent_at=float(edited_at))
