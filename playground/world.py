"""The world: one bot, its people, their chats, and the clock they live by."""

import time
from itertools import count

from playground.chats import Chat
from playground.errors import PlayError, bad_request, forbidden
from playground.events import Events
from playground.options import Knobs, Options
from playground.records import Record
from playground.updates import Updates

PEOPLE = ((1, "Ann", "en"), (2, "Oksana", "uk"), (3, "Ivan", "ru"), (4, "Bob", "en"))
FAMILY, WORKSHOP = -100, -1001000000001
_BOT_ABILITIES = {
    "can_join_groups": True,
    "supports_inline_queries": True,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}


class World:
    """Everything that a Telegram made for one bot has to remember about people and chats."""

    def __init__(self, options: Options, knobs: Knobs) -> None:
        self.options = options
        self.knobs = knobs
        self.events = Events()
        self.updates = Updates(first=int(time.time()))
        self.users: dict[int, Record] = {}
        self.chats: dict[int, Chat] = {}
        self._numbers = count(options.first_message)
        self.bot: Record = {
            "id": options.bot_id,
            "is_bot": True,
            "first_name": options.bot_name,
            "username": options.bot_username,
        }
        self._settle()

    def _settle(self) -> None:
        for number, name, language in PEOPLE:
            self.add_user(number, name, name.lower(), language)
        everyone = [number for number, *_ in PEOPLE]
        self.add_chat(FAMILY, "group", "Family", everyone)
        self.add_chat(WORKSHOP, "supergroup", "Workshop", everyone, forum=True)
        self.chats[WORKSHOP].topics[self.chats[WORKSHOP].number()] = "Plans"

    def me(self) -> Record:
        """Describe the bot as `getMe` does."""
        sees_all = not self.options.privacy_mode
        return {**self.bot, **_BOT_ABILITIES, "can_read_all_group_messages": sees_all}

    def now(self) -> int:
        """Tell the time of messages."""
        return int(time.time() + self.knobs.clock_offset)

    def add_user(
        self, number: int | None, name: str, username: str | None, language: str
    ) -> Record:
        """Let a person in, together with the private chat with the bot."""
        number = number or max(self.users, default=0) + 1
        if number in self.users or number == self.bot["id"] or number < 1:
            raise PlayError(f"The user id {number} is taken or impossible.")
        user: Record = {"id": number, "is_bot": False, "first_name": name}
        user |= {"username": username} if username else {}
        user["language_code"] = language
        self.users[number] = user
        named: Record = {k: v for k, v in user.items() if k not in ("is_bot", "language_code")}
        self._open(Chat({**named, "type": "private"}, [number], self._numbers), user=user)
        return user

    def add_chat(
        self, number: int | None, kind: str, title: str, members: list[int], *, forum: bool = False
    ) -> Chat:
        """Open a group, a supergroup or a channel with the bot in it."""
        large = kind in {"supergroup", "channel"}
        number = number or min(self.chats) - (1 if large == (min(self.chats) < -(10**12)) else 10)
        if number in self.chats or number >= 0:
            raise PlayError(f"The chat id {number} is taken or impossible.")
        brief = {"id": number, "title": title, "type": kind}
        brief |= {"is_forum": True} if forum else {}
        numbers = count(self.options.first_message + forum) if large else self._numbers
        present = [*members, self.bot["id"]]
        return self._open(Chat(brief, present, numbers))

    def _open(self, chat: Chat, **more: Record) -> Chat:
        self.chats[chat.id] = chat
        self.events.publish("chat", None, chat=chat.record(), **more)
        return chat

    def person(self, number: object) -> Record:
        """Find a person or say that there is none."""
        if not isinstance(number, int) or number not in self.users:
            raise PlayError(f"There is no user {number!r}.", 404)
        return self.users[number]

    def place(self, number: object) -> Chat:
        """Find a chat for the page, or say that there is none."""
        if not isinstance(number, int) or number not in self.chats:
            raise PlayError(f"There is no chat {number!r}.", 404)
        return self.chats[number]

    def target(self, name: str) -> Chat:
        """Find a chat for the bot, in the way and in the words of the Bot API."""
        if not name:
            raise bad_request("chat_id is empty")
        chat = self._named(name) if name.startswith("@") else self._numbered(name)
        if chat is None or not chat.known:
            raise bad_request("chat not found")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if self.bot["id"] not in chat.members and not chat.private:
            kind = "group" if chat.brief["type"] == "group" else chat.brief["type"]
            raise forbidden(f"bot was kicked from the {kind} chat")
        return chat

    def _numbered(self, name: str) -> Chat | None:
        try:
            return self.chats.get(int(name))
        except ValueError:
            return None

    def _named(self, name: str) -> Chat | None:
        wanted = name[1:].lower()
        groups = (chat for chat in self.chats.values() if not chat.private)
        return next((c for c in groups if c.brief.get("username", "").lower() == wanted), None)
