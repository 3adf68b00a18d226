"""The bot changes what it has said."""

from playground.chats import Chat
from playground.errors import bad_request
from playground.formatting import caption
from playground.keyboards import keyboard
from playground.methods.attachments import attached, media_marks
from playground.methods.call import Method
from playground.methods.contents import rich_content, text_content
from playground.params import Params
from playground.posting import ENVELOPE, content
from playground.records import Record
from playground.telegram import Telegram

_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
_MEDIA = frozenset(("photo", "voice", "video", "audio", "animation", "document"))
_INPUTS = frozenset(("photo", "video", "audio", "animation", "document"))
_CAPTION = frozenset(("caption", "caption_entities", "show_caption_above_media"))


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
    rich = "rich_message" in params
    fields = rich_content(telegram, params) if rich else text_content(telegram, params)
    chat, message = own_message(telegram, params)
    if message.keys().isdisjoint(("text", "rich_message")):
        raise bad_request("there is no text in the message to edit")
    return change(telegram, params, chat, message, fields)


def edit_caption(telegram: Telegram, params: Params) -> Record:
    """Change the words under a picture, a film or a document."""
    words = caption(params, telegram.world.users)
    chat, message = own_message(telegram, params)
    if message.keys().isdisjoint(_MEDIA):
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in content(message).items() if name not in _CAPTION}
    above = media_marks(params) if params.flag("show_caption_above_media") else {}
    return change(telegram, params, chat, message, kept | words | above)


def edit_media(telegram: Telegram, params: Params) -> Record:
    """Put another file in the place of the one that was sent."""
    part = params.record("media", "InputMedia")
    if str(part.get("type")) not in _INPUTS:
        raise bad_request("input media not specified")
    inner = Params(part, params.uploads)
    words = caption(inner, telegram.world.users) | media_marks(inner)
    fields = attached(telegram, inner, part["type"], part) | words
    chat, message = own_message(telegram, params)
    if message.keys().isdisjoint({*_MEDIA, "text"}):
        raise bad_request("message can't be edited")
    return change(telegram, params, chat, message, fields)


def edit_markup(telegram: Telegram, params: Params) -> Record:
    """Change only the buttons."""
    chat, message = own_message(telegram, params)
    return change(telegram, params, chat, message, content(message))


def stop_poll(telegram: Telegram, params: Params) -> Record:
    """Close a poll and give its result."""
    chat, message = own_message(telegram, params)
    if "poll" not in message:
        raise bad_request("message with poll to stop not found")
    if message["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    closed: Record = {**message["poll"], "is_closed": True}
    change(telegram, params, chat, message, {**content(message), "poll": closed})
    return closed


METHODS: dict[str, Method] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
    "stopPoll": stop_poll,
}
