"""Documents."""

from dataclasses import replace

from aiogram import F, Router
from aiogram.types import Message

from handlers.addressed import Addressed
from handlers.rules import Rule
from handlers.translate import incoming
from services.intake import Desk

router = Router(name="documents")


@router.message(Rule(F.document & ~F.animation), Addressed())
async def on_document(message: Message, intake: Desk, text: str) -> None:
    """Queue a document; the caption is the question about it."""
    said, sent_at = incoming(message, text), message.date.timestamp()
    await intake.accept("read", replace(said, about=None), sent_at=sent_at)
