"""Messages enter a chat, change and disappear here, and nowhere else."""

from playground.chats import GENERAL, Chat
from playground.drafts import Drafts
from playground.records import Record
from playground.world import World

ENVELOPE = frozenset((
    "message_id", "from", "sender_chat", "chat", "date", "edit_date", "message_thread_id",
    "is_topic_message", "reply_to_message", "quote", "reply_markup", "media_group_id",
    "forward_origin", "via_bot", "has_protected_content", "effect_id",
))  # fmt: skip
"""Fields of a message that are not its content."""


def content(message: Record) -> Record:
    """Take the content out of a message."""
    return {name: value for name, value in message.items() if name not in ENVELOPE}


class Posting:
    """The only writer of messages; everybody who must know is told by it."""

    def __init__(self, world: World, drafts: Drafts) -> None:
        self._world = world
        self._drafts = drafts

    def post(self, chat: Chat, sender: Record, fields: Record, topic: int | None = None) -> Record:
        """Put a new message into a chat."""
        message = {
            "message_id": chat.number(),
            "from": sender,
            "chat": chat.brief,
            "date": self._world.now(),
            **(thread(topic) if topic else {}),
            **fields,
        }
        keyboard = message.get("reply_markup")
        if keyboard and "inline_keyboard" not in keyboard:
            del message["reply_markup"]
            chat.keyboards[message["message_id"]] = keyboard
        chat.messages[message["message_id"]] = message
        if sender["is_bot"] and chat.brief["type"] != "channel":
            self._drafts.replaced_by_message((chat.id, topic))
        self._world.events.publish("message", chat.id, message=chat.shown(message))
        return message

    def replace(self, chat: Chat, message: Record) -> None:
        """Put a changed message in the place of the old one."""
        chat.messages[message["message_id"]] = message
        self._world.events.publish("edit", chat.id, message=chat.shown(message))

    def remove(self, chat: Chat, number: int) -> None:
        """Take a message away for everybody."""
        del chat.messages[number]
        chat.keyboards.pop(number, None)
        chat.reactions.pop(number, None)
        if number in chat.pinned:
            chat.pinned.remove(number)
        self._world.events.publish("delete", chat.id, chat_id=chat.id, message_id=number)

    def react(self, chat: Chat, number: int, user: Record, reactions: list[Record]) -> None:
        """Put somebody's reactions on a message in the place of the earlier ones."""
        given = chat.reactions.setdefault(number, {})
        given.pop(user["id"], None)
        if reactions:
            given[user["id"]] = reactions
        self._world.events.publish(
            "reaction",
            chat.id,
            chat_id=chat.id,
            message_id=number,
            user_id=user["id"],
            reaction=reactions,
        )


def thread(topic: int) -> Record:
    """Say in which topic a message stands; the general one is not mentioned."""
    return {} if topic == GENERAL else {"message_thread_id": topic, "is_topic_message": True}
