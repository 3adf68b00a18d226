"""A program that serves people, and the people whom it serves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.program import Program
from tests.telegram import Person, Record


def question(body: Mapping[str, Any]) -> str:
    """What was asked last."""
    return str(body["messages"][-1]["content"])


def echo(body: Mapping[str, Any]) -> str:
    """An answer by which one sees what was asked."""
    return f"You said: {question(body)}"


def final(message: Record) -> bool:
    """Whether a message is an answer that is complete: its buttons are not Stop."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return not any(button["callback_data"].startswith("stop:") for row in rows for button in row)


def spoken(message: Record) -> bool:
    """Whether it is a voice message."""
    return "voice" in message


def buttons(message: Record) -> list[str]:
    """What the buttons under a message say."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


@dataclass(slots=True)
class House:
    """The running program, and people who talk to it."""

    play: Playground
    model: FakeOllama
    program: Program
    people: list[Person] = field(default_factory=list)

    async def person(self, name: str = "Zoe", language: str = "en") -> Person:
        """Somebody whom nobody has seen before, in their private chat."""
        async with Person(self.play.url, 1) as ann:
            user = (await ann.act("users", first_name=name, language_code=language))["user"]
        return self._at(user["id"], user["id"])

    async def group(self, *members: Person, forum: bool = False) -> int:
        """A new group with these people; a forum is a supergroup."""
        kind = "supergroup" if forum else "group"
        ids = [member.user_id for member in members]
        fields = {"type": kind, "title": "Us", "members": ids, "is_forum": forum}
        return int((await members[0].act("chats", **fields))["chat"]["id"])

    def there(self, person: Person, chat: int) -> Person:
        """The same person in another chat."""
        return self._at(person.user_id, chat)

    def asked(self) -> list[str]:
        """All questions that the model got."""
        return [question(one.body) for one in self.model.to("/api/chat")]

    async def put_away(self) -> None:
        """Everybody leaves."""
        for person in self.people:
            await person.aclose()
        self.people.clear()

    def _at(self, user: int, chat: int) -> Person:
        made = Person(self.play.url, user, chat)
        self.people.append(made)
        return made
