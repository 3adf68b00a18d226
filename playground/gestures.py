"""What people do besides speaking: press, react, search, block."""

from zlib import crc32

from playground.errors import PlayError
from playground.people import Act, People
from playground.records import Record
from playground.telegram import Telegram

INLINE_SECONDS = 30.0


class Gestures:
    """Acts of people that put no message into a chat."""

    def __init__(self, telegram: Telegram, people: People) -> None:
        self._telegram = telegram
        self._world = telegram.world
        self._people = people

    def press(self, request: Record) -> str:
        """Press a button under a message; give the identifier of the question to the bot."""
        act = self._people.act(request)
        message = self._people.message(act.chat, request.get("message_id"))
        data = request.get("data")
        if not _has_button(message, data):
            raise PlayError(f"There is no button with the data {data!r} under this message.")
        life = self._world.knobs.query_seconds
        number = self._telegram.queries.ask("callback", act.chat.id, life)
        query: Record = {"id": number, "from": act.user, "message": message}
        query |= {"chat_instance": _instance(act), "data": data}
        self._world.updates.put("callback_query", query, act.user["id"], life)
        return number

    def react(self, request: Record) -> None:
        """Put an emoji on a message, or take it off with an empty one."""
        act = self._people.act(request)
        message = self._people.message(act.chat, request.get("message_id"))
        number, emoji = message["message_id"], request.get("emoji")
        old = act.chat.reactions.get(number, {}).get(act.user["id"], [])
        new = [{"type": "emoji", "emoji": str(emoji)}] if emoji else []
        self._telegram.posting.react(act.chat, number, act.user, new)
        told: Record = {"chat": act.chat.brief, "message_id": number, "user": act.user}
        told |= {"date": self._world.now(), "old_reaction": old, "new_reaction": new}
        self._world.updates.put("message_reaction", told, act.chat.id)

    def inline(self, request: Record) -> str:
        """Ask the bot from within another chat."""
        user = self._world.person(request.get("user_id"))
        number = self._telegram.queries.ask("inline", None, INLINE_SECONDS)
        query: Record = {"id": number, "from": user, "query": str(request.get("query") or "")}
        query |= {"offset": str(request.get("offset") or ""), "chat_type": "sender"}
        self._world.updates.put("inline_query", query, user["id"], INLINE_SECONDS)
        return number

    def block(self, request: Record, *, blocked: bool) -> None:
        """Shut the bot out of one's private chat, or let it in again."""
        user = self._world.person(request.get("user_id"))
        self._telegram.shut(self._world.chats[user["id"]], user, blocked=blocked)


def _has_button(message: Record, data: object) -> bool:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    listed = any(button.get("callback_data") == data for row in rows for button in row)
    return isinstance(data, str) and (listed or "rich_message" in message)


def _instance(act: Act) -> str:
    """Telegram gives each chat a number of its own here; any stable one will do."""
    return str(crc32(str(act.chat.id).encode()) + (1 << 40))
