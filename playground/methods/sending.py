"""All that the bot sends goes the same way: content, place, reply, keyboard, message."""

from collections.abc import Callable
from functools import partial

from playground.chats import GENERAL, Chat
from playground.errors import bad_request
from playground.keyboards import keyboard
from playground.methods import attachments, contents
from playground.methods.call import Method
from playground.params import Params
from playground.records import Record
from playground.telegram import Telegram

Content = Callable[[Telegram, Params], Record]
"""What makes a message of this kind out of a call's parameters."""


def send(content: Content, telegram: Telegram, params: Params) -> Record:
    """Send one message of any kind."""
    fields = content(telegram, params)
    chat = telegram.world.target(params.text("chat_id"))
    return deliver(telegram, chat, params, fields)


def deliver(
    telegram: Telegram, chat: Chat, params: Params, fields: Record, *, counted: bool = False
) -> Record:
    """Put content into a chat under the conditions that the call names."""
    topic = wanted_topic(chat, params)
    reply = answered(telegram, chat, params)
    markup = keyboard(params)
    _check_voice(telegram, chat, fields)
    if not counted:
        telegram.flood.message(chat)
    marks = {"has_protected_content": True} if params.flag("protect_content") else {}
    shown = {"reply_markup": markup} if markup else {}
    topic = topic or (reply.get("reply_to_message") or {}).get("message_thread_id")
    return telegram.posting.post(
        chat, telegram.world.bot, {**reply, **fields, **marks, **shown}, topic
    )


def _check_voice(telegram: Telegram, chat: Chat, fields: Record) -> None:
    forbidden = chat.id in telegram.world.knobs.forbid_voice
    if forbidden and not fields.keys().isdisjoint(("voice", "video_note")):
        raise bad_request("VOICE_MESSAGES_FORBIDDEN")


def wanted_topic(chat: Chat, params: Params, *, general: bool = False) -> int | None:
    """Find the topic that a call names; what goes to the general one must not name it."""
    topic = params.integer("message_thread_id")
    if not topic:
        return None
    if topic not in chat.topics or (topic == GENERAL and not general):
        raise bad_request("message thread not found")
    if topic in chat.closed_topics:
        raise bad_request("TOPIC_CLOSED")
    return topic


def answered(telegram: Telegram, chat: Chat, params: Params) -> Record:
    """Find the message that is replied to; it may be missing if the call allows that."""
    reply = params.record("reply_parameters", "reply parameters")
    number = Params(reply).integer("message_id") or params.integer("reply_to_message_id")
    if not number:
        return {}
    where = telegram.world.target(str(reply["chat_id"])) if reply.get("chat_id") else chat
    original = where.messages.get(number)
    if original is None:
        if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    quote = {"quote": _quote(reply)} if reply.get("quote") else {}
    return {"reply_to_message": without_reply(original), **quote}


def without_reply(message: Record) -> Record:
    """Give a message as it is shown inside another: never more than one deep."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def _quote(reply: Record) -> Record:
    position = reply.get("quote_position") or 0
    return {"text": reply["quote"], "position": position, "is_manual": True}


CONTENTS: dict[str, Content] = {**contents.CONTENTS, **attachments.CONTENTS}
METHODS: dict[str, Method] = {name: partial(send, content) for name, content in CONTENTS.items()}
