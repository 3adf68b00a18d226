"""aiogram's rules, asked at once: by itself it asks each in a thread, which takes far longer."""

from typing import Any

from aiogram.filters import BaseFilter
from aiogram.types import TelegramObject
from aiogram.utils.magic_filter import MagicFilter


class Rule(BaseFilter):
    """What an event has to look like, as an expression that begins with `F`."""

    def __init__(self, looks: MagicFilter) -> None:
        self._looks = looks

    async def __call__(self, event: TelegramObject) -> Any:
        """Tell whether it does; a named part is passed on under its name."""
        return self._looks.resolve(event)
