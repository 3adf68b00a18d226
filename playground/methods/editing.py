"""The bot changes what it has said."""

from playground.chats import Chat
from playground.errors import bad_request
from playground.formatting import message_text
from playground.keyboards import keyboard
from playground.methods.call import Method
from playground.params import Params
from playground.posting import ENVELOPE, content
from playground.records import Record
from playground.telegram import Telegram

_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def own_message(telegram: Telegram, params: Params) -> tuple[Chat, Record]:
    """Find the message that a call wants to change; it has to be the bot's own."""
    if "inline_message_id" in params:
        raise bad_request("invalid inline message identifier specified")
    chat = telegram.world.target(params.text("chat_id"))
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != telegram.world.bot["id"] or "forward_origin" in message:
        raise bad_request("message can't be edited")
    return chat, message


def change(telegram: Telegram, params: Params, chat: Chat, old: Record, fields: Record) -> Record:
    """Put new content and a new keyboard in the place of the old ones."""
    markup = keyboard(params)
    if markup and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    envelope = {name: value for name, value in old.items() if name in ENVELOPE}
    envelope.pop("reply_markup", None)
    if fields == content(old) and markup == old.get("reply_markup", {}):
        raise bad_request(_UNCHANGED)
    telegram.flood.message(chat)
    shown = {"reply_markup": markup} if markup else {}
    new = {**envelope, "edit_date": telegram.world.now(), **fields, **shown}
    telegram.posting.replace(chat, new)
    return new


def edit_text(telegram: Telegram, params: Params) -> Record:
    """Change the text of a message, plain or rich."""
    chat, message = own_message(telegram, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return change(telegram, params, chat, message, message_text(params).fields())


METHODS: dict[str, Method] = {"editMessageText": edit_text}
