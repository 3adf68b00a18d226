"""The calls that delivery makes: few fields as the wire has them, answers as plain JSON.

aiogram's own methods would build some twenty nested models for each answer, of which only the
message's id is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from aiogram.methods import TelegramMethod
from aiogram.types import InputFile

from bot.delivery.body import Body
from bot.delivery.uploads import SendFile, upload

Object = Mapping[str, Any]

_NO_PREVIEW = {"is_disabled": True}  # an answer's links are for reading, not for advertising


class SendText(TelegramMethod[Any]):
    """A new message."""

    __returning__: ClassVar[Any] = dict[str, Any]
    __api_method__: ClassVar[str] = "sendMessage"

    chat_id: int
    text: str
    entities: Sequence[Object] | None = None
    message_thread_id: int | None = None
    reply_parameters: Object | None = None
    reply_markup: Object | None = None
    disable_notification: bool | None = None
    link_preview_options: Object | None = None


class SendRich(TelegramMethod[Any]):
    """A new message with tables, formulas and nested lists."""

    __returning__: ClassVar[Any] = dict[str, Any]
    __api_method__: ClassVar[str] = "sendRichMessage"

    chat_id: int
    rich_message: Object
    message_thread_id: int | None = None
    reply_parameters: Object | None = None
    reply_markup: Object | None = None
    disable_notification: bool | None = None


class EditText(TelegramMethod[Any]):
    """A message changed; either `text` or `rich_message` is given."""

    __returning__: ClassVar[Any] = Any
    __api_method__: ClassVar[str] = "editMessageText"

    chat_id: int
    message_id: int
    text: str | None = None
    entities: Sequence[Object] | None = None
    rich_message: Object | None = None
    reply_markup: Object | None = None
    link_preview_options: Object | None = None


class EditCaption(TelegramMethod[Any]):
    """What is written under a file changed; the file stays as it is."""

    __returning__: ClassVar[Any] = Any
    __api_method__: ClassVar[str] = "editMessageCaption"

    chat_id: int
    message_id: int
    caption: str | None = None
    caption_entities: Sequence[Object] | None = None
    reply_markup: Object | None = None


class EditMedia(TelegramMethod[Any]):
    """Another file in a message, or one where there was none; `media` has its caption, too."""

    __returning__: ClassVar[Any] = Any
    __api_method__: ClassVar[str] = "editMessageMedia"

    chat_id: int
    message_id: int
    media: Object
    reply_markup: Object | None = None


class Delete(TelegramMethod[Any]):
    """A message taken back."""

    __returning__: ClassVar[Any] = bool
    __api_method__: ClassVar[str] = "deleteMessage"

    chat_id: int
    message_id: int


class DraftText(TelegramMethod[Any]):
    """The text that is being written; an empty one shows that the bot is thinking."""

    __returning__: ClassVar[Any] = bool
    __api_method__: ClassVar[str] = "sendMessageDraft"

    chat_id: int
    draft_id: int
    message_thread_id: int | None = None
    text: str | None = None
    entities: Sequence[Object] | None = None
    can_stop: bool = True


class DraftRich(TelegramMethod[Any]):
    """The rich message that is being written."""

    __returning__: ClassVar[Any] = bool
    __api_method__: ClassVar[str] = "sendRichMessageDraft"

    chat_id: int
    draft_id: int
    rich_message: Object
    message_thread_id: int | None = None
    can_stop: bool = True


class Typing(TelegramMethod[Any]):
    """The line that says that the bot is typing, for five seconds."""

    __returning__: ClassVar[Any] = bool
    __api_method__: ClassVar[str] = "sendChatAction"

    chat_id: int
    action: str = "typing"
    message_thread_id: int | None = None


def sending(
    chat: int, topic: int | None, body: Body, path: Path | None = None
) -> SendText | SendRich | SendFile:
    """The call that sends a body as a new message; `path` is where its file lies."""
    around: dict[str, Any] = {
        "chat_id": chat,
        "message_thread_id": topic,
        "reply_markup": body.markup() if body.rows else None,
        "disable_notification": body.silent or None,
    }
    if body.reply_to:
        around["reply_parameters"] = {
            "message_id": body.reply_to,
            "allow_sending_without_reply": True,
        }
    text, entities = body.part.text, body.part.entities or None
    if body.file and path:
        return upload(body.file, path, {"caption": text, "caption_entities": entities, **around})
    if body.rich:
        return SendRich(rich_message={"markdown": body.rich}, **around)
    return SendText(text=text, entities=entities, link_preview_options=_NO_PREVIEW, **around)


def picturing(chat: int, message: int, body: Body, picture: InputFile) -> EditMedia:
    """The call that makes a message a picture, with what a body says under it."""
    words = {"caption": body.part.text, "caption_entities": list(body.part.entities)}
    media = {"type": "photo", "media": picture, **words}
    return EditMedia(chat_id=chat, message_id=message, media=media, reply_markup=body.markup())


def editing(chat: int, message: int, body: Body) -> EditText | EditCaption:
    """The call that makes a message say what a body says; a file stays as it is."""
    around: dict[str, Any] = {
        "chat_id": chat,
        "message_id": message,
        "reply_markup": body.markup(),
    }
    text, entities = body.part.text, body.part.entities or None
    if body.file:
        return EditCaption(caption=text, caption_entities=entities, **around)
    if body.rich:
        return EditText(rich_message={"markdown": body.rich}, **around)
    return EditText(text=text, entities=entities, link_preview_options=_NO_PREVIEW, **around)
