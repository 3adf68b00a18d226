"""Tells whether a message in a group is meant for the bot."""

from __future__ import annotations

import re

from aiogram.enums import ChatType
from aiogram.filters import BaseFilter
from aiogram.types import Message, User


class Addressed(BaseFilter):
    """Everything in a private chat; in groups only what mentions the bot or replies to it."""

    async def __call__(self, message: Message, me: User) -> bool | dict[str, str]:
        """Pass on the text without the bot's name."""
        own = message.text or message.caption or ""
        if message.chat.type == ChatType.PRIVATE:
            return {"text": own}
        about = message.reply_to_message
        replied = about is not None and about.from_user is not None and about.from_user.id == me.id
        without = _without_name(own, me.username or "")
        return {"text": without} if replied or without != own else False


def _without_name(text: str, name: str) -> str:
    return re.sub(rf"\s*(?<!\w)@{re.escape(name)}\b[\s,:]*", " ", text, flags=re.IGNORECASE).strip()
