"""Telegram's types become ours here, and nowhere else."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from aiogram.enums import ChatType
from aiogram.types import (
    CallbackQuery,
    ChatMemberUpdated,
    MaybeInaccessibleMessageUnion,
    Message,
    MessageGenerationStopped,
    User,
)

from domain.links import link, only_link
from domain.messages import Attachment, Incoming, Kind, Person, Place, Quote

KINDS = {
    "voice": Kind.VOICE,
    "audio": Kind.AUDIO,
    "video": Kind.VIDEO,
    "video_note": Kind.VIDEO,
    "document": Kind.DOCUMENT,
}
NATURES = {"audio": Kind.AUDIO, "video": Kind.VIDEO, "image": Kind.PHOTO}
"""What a document is, by the beginning of its type, where that is more than a document."""

TASKS = {
    Kind.VOICE: "hear",
    Kind.AUDIO: "hear",
    Kind.VIDEO: "hear",
    Kind.PHOTO: "look",
    Kind.DOCUMENT: "read",
}
"""What is done with a file of each kind."""


def incoming(message: Message, text: str | None = None) -> Incoming:
    """What a message says; `text` replaces its own text where a command was taken off."""
    own = message.text or message.caption or ""
    return Incoming(
        place=place(message),
        message=message.message_id,
        person=person(message.from_user, message.chat.id),
        text=own if text is None else text,
        attachments=attachments(message),
        about=quote(message),
    )


def borrowed(message: Message, text: str, kinds: AbstractSet[Kind]) -> Incoming:
    """The same, with the file that the message replies to where it has none of its own."""
    said, about = incoming(message, text), message.reply_to_message
    if said.attachments or about is None:
        return said
    lent = tuple(one for one in attachments(about) if one.kind in kinds)
    return replace(said, attachments=lent)


def linked(said: Incoming, words: str) -> Incoming | None:
    """The same as a message with a document: what a link leads to, in it or in its reply.

    None where there is no link; a reply is about one only where it says little else.
    """
    own = link(words)
    found = own or (only_link(said.about.text) if said.about else "")
    if not found:
        return None
    page = Attachment(Kind.DOCUMENT, found, "", 0, name=_path(found))
    about = None if own else said.about
    return replace(said, text="", attachments=(page,), about=about)


def pressed(query: CallbackQuery, message: MaybeInaccessibleMessageUnion) -> Incoming:
    """What a button under a message asks for: its data, in the name of who pressed it.

    Of an old message Telegram tells no more than its chat and its number.
    """
    who = person(query.from_user, message.chat.id)
    private = message.chat.type == ChatType.PRIVATE
    where = (
        place(message) if isinstance(message, Message) else Place(message.chat.id, None, private)
    )
    return Incoming(where, message.message_id, who, query.data or "")


def halted(event: MessageGenerationStopped) -> Incoming:
    """Telegram's stop button under a draft; drafts live in private chats only."""
    where = Place(event.chat.id, event.message_thread_id)
    who = Person(event.chat.id, event.chat.first_name or "", "")
    return Incoming(where, 0, who, str(event.draft_id))


def left(event: ChatMemberUpdated) -> Incoming:
    """Somebody shut the bot out of a chat."""
    where = Place(event.chat.id, private=event.chat.type == ChatType.PRIVATE)
    return Incoming(where, 0, person(event.from_user, event.chat.id), "")


def place(message: Message) -> Place:
    """The chat, and the topic where the chat has topics."""
    topic = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat.id, topic, message.chat.type == ChatType.PRIVATE)


def person(user: User | None, chat: int) -> Person:
    """Who speaks; a channel or an anonymous administrator speaks as the chat itself."""
    if user is None:
        return Person(chat, "", "")
    return Person(user.id, user.first_name, (user.language_code or "")[:2].lower())


def quote(message: Message) -> Quote | None:
    """The message that this one replies to."""
    about = message.reply_to_message
    if about is None or about.forum_topic_created is not None:
        return None
    picked = message.quote.text if message.quote else about.text or about.caption or ""
    author = about.from_user
    if author is None or author.is_bot:
        return Quote(about.message_id, picked, ours=author is not None)
    return Quote(about.message_id, picked, ours=False, author=author.id)


def attachments(message: Message) -> tuple[Attachment, ...]:
    """The file of a message, by its name at Telegram."""
    if message.photo:
        largest = message.photo[-1]
        return (Attachment(Kind.PHOTO, largest.file_id, "image/jpeg", largest.file_size or 0),)
    if message.sticker and not (message.sticker.is_animated or message.sticker.is_video):
        return (replace(_attachment(Kind.PHOTO, message.sticker), mime="image/webp"),)
    if message.animation:  # it is a document, too
        return (_attachment(Kind.ANIMATION, message.animation),)
    for name, kind in KINDS.items():
        file = getattr(message, name)
        if file is not None:
            return (_attachment(kind, file),)
    return ()


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:  # it looks like a link, and is none
        return ""


def _attachment(kind: Kind, file: Any) -> Attachment:
    """A file as Telegram describes it; each kind leaves something out."""
    mime = getattr(file, "mime_type", None) or ""
    if kind is Kind.DOCUMENT:
        kind = NATURES.get(mime.partition("/")[0], kind)
    seconds = float(getattr(file, "duration", None) or 0)
    name = getattr(file, "file_name", None) or ""
    return Attachment(kind, file.file_id, mime, file.file_size or 0, seconds, name)
