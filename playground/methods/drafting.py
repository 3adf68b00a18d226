"""The bot shows how an answer grows."""

from functools import partial

from playground.errors import bad_request
from playground.formatting import message_text
from playground.methods.call import Method
from playground.methods.contents import rich_content
from playground.methods.sending import Content, wanted_topic
from playground.params import Params
from playground.records import Record
from playground.telegram import Telegram

_ACTIONS = frozenset((
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "record_audio", "upload_audio", "upload_document", "choose_sticker", "find_location",
    "record_video_note", "upload_video_note", "cancel",
))  # fmt: skip


def draft(content: Content, telegram: Telegram, params: Params) -> bool:
    """Show a frame of a draft in a private chat."""
    chat = telegram.world.target(params.text("chat_id"))
    if not chat.private:
        raise bad_request("PEER_ID_INVALID")
    number = params.integer("draft_id")
    if not number:
        raise bad_request("RANDOM_ID_INVALID")
    shown = content(telegram, params)
    topic = wanted_topic(chat, params)
    telegram.flood.draft(chat)
    stop, keep = params.flag("can_stop"), params.flag("keep_on_stop")
    telegram.drafts.show((chat.id, topic), number, shown, stop=stop, keep=keep)
    return True


def _text(telegram: Telegram, params: Params) -> Record:
    read = message_text(params, telegram.world.users, may_be_empty=True)
    return {"text": read.text, "entities": read.entities}


def action(telegram: Telegram, params: Params) -> bool:
    """Show that the bot is busy with something."""
    chat = telegram.world.target(params.text("chat_id"))
    name = params.text("action").lower()
    if name not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    topic = wanted_topic(chat, params, general=True)
    telegram.flood.draft(chat)
    where = {"chat_id": chat.id} | ({"message_thread_id": topic} if topic else {})
    telegram.world.events.publish("action", chat.id, **where, action=name)
    return True


METHODS: dict[str, Method] = {
    "sendMessageDraft": partial(draft, _text),
    "sendRichMessageDraft": partial(draft, partial(rich_content, draft=True)),
    "sendChatAction": action,
}
