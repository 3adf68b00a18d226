"""A chat: who is in it, what was said in it, and which number comes next."""

from collections.abc import Iterator
from itertools import islice

from playground.records import Record

GENERAL = 1
"""The topic that every forum has."""


class Chat:
    """A private chat, a group, a supergroup or a channel."""

    def __init__(self, brief: Record, members: list[int], numbers: Iterator[int]) -> None:
        self.id: int = brief["id"]
        self.brief = brief
        self.members = members
        self.administrators: set[int] = set()
        self.messages: dict[int, Record] = {}
        self.keyboards: dict[int, Record] = {}
        """Reply keyboards belong to messages, but a bot never gets them back."""
        self.topics: dict[int, str] = {GENERAL: "General"} if brief.get("is_forum") else {}
        self.closed_topics: set[int] = set()
        self.pinned: list[int] = []
        self.reactions: dict[int, dict[int, list[Record]]] = {}
        self.known = brief["type"] != "private"
        """A bot cannot write to a person who has never written to it."""
        self.blocked = False
        self._numbers = numbers

    @property
    def private(self) -> bool:
        """It is a talk between the bot and one person."""
        return bool(self.brief["type"] == "private")

    def number(self) -> int:
        """Take the next message id."""
        return next(self._numbers)

    def shown(self, message: Record) -> Record:
        """Give a message as people see it, with a reply keyboard if it brought one."""
        keyboard = self.keyboards.get(message["message_id"])
        reactions = self.reactions.get(message["message_id"])
        shown = {**message, "reply_markup": keyboard} if keyboard else message
        return {**shown, "reactions": _counted(reactions)} if reactions else shown

    def latest(self, limit: int, before: int | None = None) -> list[Record]:
        """List the newest messages, or those before one of them, oldest first."""
        newest_first = reversed(self.messages.values())
        chosen = (m for m in newest_first if before is None or m["message_id"] < before)
        return [self.shown(message) for message in islice(chosen, limit)][::-1]

    def record(self) -> Record:
        """Describe the chat for the page."""
        topics = [{"id": number, "name": name} for number, name in self.topics.items()]
        return {**self.brief, "members": self.members, "topics": topics, "blocked": self.blocked}


def _counted(reactions: dict[int, list[Record]]) -> list[Record]:
    return [
        {"user_id": user, **reaction} for user, given in reactions.items() for reaction in given
    ]
