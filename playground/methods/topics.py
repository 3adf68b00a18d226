"""Topics of forums, and of private chats: made, renamed, closed, deleted."""

from playground.chats import GENERAL, Chat
from playground.errors import bad_request
from playground.methods.call import Method
from playground.params import Params
from playground.records import Record
from playground.telegram import Telegram

_COLOURS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def _forum(telegram: Telegram, params: Params) -> Chat:
    chat = telegram.world.target(params.text("chat_id"))
    if not chat.brief.get("is_forum") and not chat.private:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(chat: Chat, params: Params) -> int:
    number = params.integer("message_thread_id")
    if number not in chat.topics:
        raise bad_request("message thread not found")
    return number


def _name(params: Params) -> str:
    name = params.text("name").strip()
    if not 0 < len(name) <= 128:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    return name


def create(telegram: Telegram, params: Params) -> Record:
    """Make a new topic."""
    chat, name = _forum(telegram, params), _name(params)
    colour = params.integer("icon_color", _COLOURS[0])
    if colour not in _COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    number = chat.number()
    chat.topics[number] = name
    _tell(telegram, chat)
    return {"message_thread_id": number, "name": name, "icon_color": colour}


def edit(telegram: Telegram, params: Params) -> bool:
    """Rename a topic."""
    chat = _forum(telegram, params)
    number = _topic(chat, params)
    if "name" in params:
        if chat.topics[number] == _name(params):
            raise bad_request("TOPIC_NOT_MODIFIED")
        chat.topics[number] = _name(params)
    _tell(telegram, chat)
    return True


def close(telegram: Telegram, params: Params) -> bool:
    """Close a topic: nothing more can be written into it."""
    chat = _forum(telegram, params)
    number = _topic(chat, params)
    if number in chat.closed_topics:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.closed_topics.add(number)
    return True


def reopen(telegram: Telegram, params: Params) -> bool:
    """Open a closed topic again."""
    chat = _forum(telegram, params)
    number = _topic(chat, params)
    if number not in chat.closed_topics:
        raise bad_request("TOPIC_NOT_MODIFIED")
    chat.closed_topics.remove(number)
    return True


def delete(telegram: Telegram, params: Params) -> bool:
    """Delete a topic with all that was said in it."""
    chat = _forum(telegram, params)
    number = _topic(chat, params)
    if number == GENERAL:
        raise bad_request("TOPIC_ID_INVALID")
    del chat.topics[number]
    gone = [n for n, m in chat.messages.items() if m.get("message_thread_id") == number]
    for message in gone:
        telegram.posting.remove(chat, message)
    _tell(telegram, chat)
    return True


def icons(_telegram: Telegram, _params: Params) -> list[Record]:
    """List the pictures that a topic can have; there are none here."""
    return []


def unpin_all(telegram: Telegram, params: Params) -> bool:
    """Unpin everything in a topic."""
    chat = _forum(telegram, params)
    number = _topic(chat, params)
    chat.pinned = [n for n in chat.pinned if chat.messages[n].get("message_thread_id") != number]
    return True


def _tell(telegram: Telegram, chat: Chat) -> None:
    telegram.world.events.publish("chat", None, chat=chat.record())


METHODS: dict[str, Method] = {
    "createForumTopic": create,
    "editForumTopic": edit,
    "closeForumTopic": close,
    "reopenForumTopic": reopen,
    "deleteForumTopic": delete,
    "unpinAllForumTopicMessages": unpin_all,
    "getForumTopicIconStickers": icons,
}
