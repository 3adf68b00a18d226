"""What people do in their apps: they write, edit, press, react, block."""

from collections.abc import Iterator
from dataclasses import dataclass

from playground.chats import Chat
from playground.errors import PlayError
from playground.formatting import TEXT_LIMIT, Formatted, arranged
from playground.methods.sending import without_reply
from playground.records import Record
from playground.telegram import Telegram
from playground.text import cleaned, split, units

_PASSED_ON = (
    "contact", "poll", "location", "dice", "sticker", "media_group_id", "forward_origin", "venue",
    "game", "story", "checklist",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, and where."""

    chat: Chat
    user: Record


class People:
    """Acts of people and the updates that the bot gets of them."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._world = telegram.world

    def act(self, request: Record) -> Act:
        """Find out who acts where; only members can."""
        user = self._world.person(request.get("user_id"))
        chat = self._world.place(request.get("chat_id", user["id"]))
        if user["id"] not in chat.members:
            raise PlayError(f"{user['first_name']} is not in this chat.")
        return Act(chat, user)

    def send(self, request: Record, media: Record | None = None) -> list[Record]:
        """Send what a person wrote or attached; a text that is too long becomes several."""
        act = self.act(request)
        topic = self._topic(act.chat, request)
        fields = self._around(act.chat, request)
        self._greet(act)
        bodies = [{**(media or {}), **self._caption(request)}] if media else self._bodies(request)
        sent = [
            self._telegram.posting.post(act.chat, act.user, {**fields, **body}, topic)
            for body in bodies
        ]
        for message in sent:
            self._tell("message", act.chat, message)
        return sent

    def _greet(self, act: Act) -> None:
        act.chat.known = True
        if act.chat.private:
            self._telegram.shut(act.chat, act.user, blocked=False)

    def _topic(self, chat: Chat, request: Record) -> int | None:
        topic = request.get("message_thread_id")
        if topic is not None and topic not in chat.topics:
            raise PlayError(f"There is no topic {topic!r} in this chat.", 404)
        return topic if isinstance(topic, int) else None

    def _around(self, chat: Chat, request: Record) -> Record:
        fields = {name: request[name] for name in _PASSED_ON if request.get(name) is not None}
        if request.get("date"):
            fields["date"] = _moment(request["date"])
        if number := request.get("reply_to_message_id"):
            original = self.message(chat, number)
            fields["reply_to_message"] = without_reply(original)
        if origin := request.get("forward_from"):
            fields["forward_origin"] = self._origin(origin)
        return fields

    def _origin(self, origin: object) -> Record:
        date = self._world.now()
        if isinstance(origin, dict):
            return {"type": "user", "date": date, "sender_user": origin}
        if isinstance(origin, str):
            return {"type": "hidden_user", "date": date, "sender_user_name": origin}
        return {"type": "user", "date": date, "sender_user": self._world.person(origin)}

    def _caption(self, request: Record) -> Record:
        return self._arranged(request, "caption").fields("caption", "caption_entities")

    def _arranged(self, request: Record, name: str) -> Formatted:
        return arranged(
            cleaned(str(request.get(name) or "")), request.get("entities") or [], self._world.users
        )

    def _bodies(self, request: Record) -> Iterator[Record]:
        text = str(request.get("text") or "")
        if not text.strip():
            if not any(request.get(name) for name in _PASSED_ON):
                raise PlayError("There is nothing to send: no text and no attachment.")
            return iter([self._caption(request)])
        if units(text) <= TEXT_LIMIT:
            return iter([self._arranged(request, "text").fields()])
        if request.get("split") is False:
            raise PlayError(f"The text is longer than {TEXT_LIMIT} UTF-16 units.")
        return (
            arranged(cleaned(part), [], self._world.users).fields()
            for part in split(text, TEXT_LIMIT)
        )

    def message(self, chat: Chat, number: object) -> Record:
        """Find a message or say that there is none."""
        if not isinstance(number, int) or number not in chat.messages:
            raise PlayError(f"There is no message {number!r} in this chat.", 404)
        return chat.messages[number]

    def edit(self, request: Record) -> Record:
        """Change the text or the caption of one's own message."""
        act = self.act(request)
        old = self.message(act.chat, request.get("message_id"))
        if old["from"]["id"] != act.user["id"]:
            raise PlayError("People edit only their own messages.")
        if "text" in old:
            fields = {"text": "", **self._arranged(request, "text").fields()}
            gone = {"text", "entities"}
        else:
            body = {"caption": request.get("text"), "entities": request.get("entities")}
            fields, gone = self._caption(body), {"caption", "caption_entities"}
        kept = {name: value for name, value in old.items() if name not in gone}
        new = {**kept, **fields, "edit_date": self._world.now()}
        self._telegram.posting.replace(act.chat, new)
        self._tell("edited_message", act.chat, new)
        return new

    def _tell(self, kind: str, chat: Chat, message: Record) -> None:
        if chat.brief["type"] == "channel":
            kind = kind.replace("message", "channel_post")
        if self._sees(chat, message):
            self._world.updates.put(kind, message, chat.id)

    def _sees(self, chat: Chat, message: Record) -> bool:
        if self._world.bot["id"] not in chat.members and not chat.private:
            return False
        return chat.private or not self._world.options.privacy_mode or self._concerns_bot(message)

    def _concerns_bot(self, message: Record) -> bool:
        text = str(message.get("text") or message.get("caption") or "")
        replied = message.get("reply_to_message", {}).get("from", {})
        mentioned = f"@{self._world.bot['username']}".lower() in text.lower()
        return text.startswith("/") or mentioned or bool(replied.get("is_bot"))


def _moment(value: object) -> int:
    if not isinstance(value, int):
        raise PlayError(f"A date is a whole number of seconds, not {value!r}.")
    return value
