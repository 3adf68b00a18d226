"""Who may use the bot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """The rule of the configuration: `open` to all, or only to those on the list.

    The list names people and chats by their Telegram ids; administrators are always allowed.
    """

    mode: str = "open"
    admins: frozenset[int] = frozenset()
    allowed: frozenset[int] = frozenset()

    def allows(self, person: int, chat: int) -> bool:
        """Whether this person may use the bot in this chat."""
        if self.mode == "open" or person in self.admins:
            return True
        return person in self.allowed or chat in self.allowed

    def is_admin(self, person: int) -> bool:
        """Whether this person may do what only administrators may."""
        return person in self.admins
