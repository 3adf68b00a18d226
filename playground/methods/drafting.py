"""The bot shows how an answer grows."""

from functools import partial

from playground.errors import bad_request
from playground.formatting import message_text
from playground.methods.call import Method
from playground.methods.sending import Content, wanted_topic
from playground.params import Params
from playground.records import Record
from playground.telegram import Telegram


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


def _text(_telegram: Telegram, params: Params) -> Record:
    read = message_text(params, may_be_empty=True)
    return {"text": read.text, "entities": read.entities}


METHODS: dict[str, Method] = {"sendMessageDraft": partial(draft, _text)}
