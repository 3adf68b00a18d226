"""Tells which command of ours a message is, without asking anybody who we are."""

from __future__ import annotations

import re

from aiogram.enums import ChatType
from aiogram.filters import BaseFilter
from aiogram.types import Message, User

COMMAND = re.compile(r"/(?P<command>\w+)(@(?P<whom>\w+))?(\s+(?P<words>.*)|$)", re.DOTALL)
"""A command; a path such as /usr/bin is none."""


class Called(BaseFilter):
    """One of these commands; without a list, any that can be meant for nobody but us.

    In a group clients write whom they mean behind the command. Telephones like to begin it with a
    capital letter.
    """

    def __init__(self, *names: str) -> None:
        self._names = frozenset(names)

    async def __call__(self, message: Message, me: User) -> bool | dict[str, str]:
        """Pass on the command, and the words behind it."""
        found = COMMAND.match(message.text or message.caption or "")
        if found is None:
            return False
        command, whom = found["command"].lower(), (found["whom"] or "").lower()
        ours = whom == (me.username or "").lower()
        if self._names:
            fits = command in self._names and (ours or not whom)
        else:
            fits = ours or message.chat.type == ChatType.PRIVATE
        return {"command": command, "words": (found["words"] or "").strip()} if fits else False
