"""Edited questions."""

from aiogram import F, Router
from aiogram.types import Message

from handlers.addressed import Addressed
from handlers.called import COMMAND, Called
from handlers.rules import Rule
from handlers.translate import incoming
from services.intake import Desk

router = Router(name="edits")


@router.edited_message(Called("ask"))
async def on_edited_ask(message: Message, words: str, intake: Desk) -> None:
    """Answer what stands behind the command now."""
    await intake.act("edited", incoming(message, words), sent_at=_edited_at(message))


@router.edited_message(Rule(F.text & ~F.text.regexp(COMMAND)), Addressed())
async def on_edit(message: Message, intake: Desk, text: str) -> None:
    """Answer the question as it reads now."""
    await intake.act("edited", incoming(message, text), sent_at=_edited_at(message))


def _edited_at(message: Message) -> float:
    return float(message.edit_date or message.date.timestamp())
