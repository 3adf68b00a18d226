"""The highest message id known in each sequence: what is sent next gets a higher one.

All private chats and small groups of a bot share one sequence; each supergroup has its own.
"""

from __future__ import annotations

_SUPERGROUPS = -1_000_000_000_000


class Newest:
    """Remembers the highest id that was seen in a message received or sent."""

    def __init__(self) -> None:
        self._ids: dict[int, int] = {}

    def saw(self, chat: int, message: int) -> None:
        """Take note of a message."""
        key = sequence(chat)
        self._ids[key] = max(message, self._ids.get(key, 0))

    def of(self, chat: int) -> int:
        """The highest id known in the chat's sequence; 0 where nothing is known."""
        return self._ids.get(sequence(chat), 0)


def sequence(chat: int) -> int:
    """Name the sequence that numbers the messages of a chat; 0 is the shared one."""
    return chat if chat < _SUPERGROUPS else 0
