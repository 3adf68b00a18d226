"""Buttons under messages, and Telegram's own stop button."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, MaybeInaccessibleMessageUnion, MessageGenerationStopped

from handlers.rules import Rule
from handlers.translate import halted, pressed
from services.intake import Desk

router = Router(name="buttons")


@router.callback_query(Rule(F.message.as_("message")), Rule(F.data))
async def on_button(
    query: CallbackQuery, message: MaybeInaccessibleMessageUnion, intake: Desk, now: float
) -> None:
    """Do what a button says at once."""
    await intake.act("press", pressed(query, message), sent_at=now)


@router.stopped_message_generation()
async def on_stop(event: MessageGenerationStopped, intake: Desk, now: float) -> None:
    """Stop the answer whose draft is shown."""
    await intake.act("halt", halted(event), sent_at=now)
