"""The bot was blocked, removed, or let in again."""

from aiogram import Router
from aiogram.filters import IS_MEMBER, IS_NOT_MEMBER, ChatMemberUpdatedFilter
from aiogram.types import ChatMemberUpdated

from handlers.translate import left
from services.intake import Desk

router = Router(name="members")


@router.my_chat_member(ChatMemberUpdatedFilter(IS_MEMBER >> IS_NOT_MEMBER))
async def on_left(event: ChatMemberUpdated, intake: Desk, now: float) -> None:
    """End quietly what was to be done for a chat that nobody reads any more."""
    await intake.act("left", left(event), sent_at=now)
