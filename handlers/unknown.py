"""Commands that do not exist."""

from aiogram import Router
from aiogram.types import Message

from handlers.called import Called
from handlers.translate import incoming
from services.intake import Desk

router = Router(name="unknown")


@router.message(Called())
async def on_unknown(message: Message, intake: Desk) -> None:
    """Answer a command that does not exist."""
    await intake.act("unknown", incoming(message), sent_at=message.date.timestamp())
