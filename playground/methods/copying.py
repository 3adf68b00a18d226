"""What was said is passed on, with or without its origin, or taken back."""

from collections.abc import Callable
from functools import partial

from playground.chats import Chat
from playground.errors import bad_request
from playground.formatting import caption
from playground.methods.call import Method
from playground.methods.sending import deliver
from playground.params import Params
from playground.posting import content
from playground.records import Record
from playground.telegram import Telegram

BATCH = 100
_CAPTIONED = frozenset(("photo", "voice", "video", "audio", "animation", "document"))

Passing = Callable[[Telegram, Params, Chat, Record], Record]
"""Puts a message, the last argument, into another chat; its frequency is counted already."""


def _source(telegram: Telegram, params: Params, deed: str) -> Record:
    chat = telegram.world.target(params.text("from_chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {deed} not found")
    if message.get("has_protected_content"):
        raise bad_request(f"message has protected content and can't be {_done(deed)}")
    return message


def _done(deed: str) -> str:
    return "copied" if deed == "copy" else "forwarded"


def _copy(telegram: Telegram, params: Params, chat: Chat, message: Record) -> Record:
    fields = content(message)
    if "caption" in params.values and not _CAPTIONED.isdisjoint(fields):
        fields = {k: v for k, v in fields.items() if k not in ("caption", "caption_entities")}
        fields |= caption(params, telegram.world.users)
    return {"message_id": deliver(telegram, chat, params, fields, counted=True)["message_id"]}


def _forward(telegram: Telegram, params: Params, chat: Chat, message: Record) -> Record:
    origin = {"type": "user", "date": message["date"], "sender_user": message["from"]}
    fields = {**content(message), "forward_origin": message.get("forward_origin", origin)}
    values = {**params.values, "reply_markup": None, "reply_parameters": None}
    return deliver(telegram, chat, Params(values), fields, counted=True)


def one(passing: Passing, deed: str, telegram: Telegram, params: Params) -> Record:
    """Pass one message on."""
    chat = telegram.world.target(params.text("chat_id"))
    message = _source(telegram, params, deed)
    telegram.flood.message(chat)
    return passing(telegram, params, chat, message)


def many(passing: Passing, telegram: Telegram, params: Params) -> list[Record]:
    """Pass several messages on; those that cannot be are left out."""
    chat = telegram.world.target(params.text("chat_id"))
    source = telegram.world.target(params.text("from_chat_id"))
    found = [source.messages[number] for number in _numbers(params) if number in source.messages]
    open_ones = [message for message in found if not message.get("has_protected_content")]
    telegram.flood.message(chat, len(open_ones))
    passed = [passing(telegram, params, chat, message) for message in open_ones]
    return [{"message_id": message["message_id"]} for message in passed]


def _numbers(params: Params) -> list[int]:
    numbers = params.listed("message_ids", "message identifiers")
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > BATCH:
        raise bad_request("too many message identifiers specified")
    return [int(number) for number in numbers if str(number).lstrip("-").isdigit()]


def delete(telegram: Telegram, params: Params) -> bool:
    """Take one message away."""
    chat = telegram.world.target(params.text("chat_id"))
    number = params.integer("message_id")
    if number not in chat.messages:
        raise bad_request("message to delete not found")
    if not _deletable(telegram, chat, chat.messages[number]):
        raise bad_request("message can't be deleted for everyone")
    telegram.posting.remove(chat, number)
    return True


def delete_many(telegram: Telegram, params: Params) -> bool:
    """Take messages away; those that are gone or cannot go are passed over."""
    chat = telegram.world.target(params.text("chat_id"))
    for number in _numbers(params):
        message = chat.messages.get(number)
        if message and _deletable(telegram, chat, message):
            telegram.posting.remove(chat, number)
    return True


def _deletable(telegram: Telegram, chat: Chat, message: Record) -> bool:
    bot = telegram.world.bot["id"]
    young = telegram.world.now() - message["date"] < 48 * 3600
    own = message["from"]["id"] == bot
    return (own and young) or (chat.private and young) or bot in chat.administrators


METHODS: dict[str, Method] = {
    "copyMessage": partial(one, _copy, "copy"),
    "copyMessages": partial(many, _copy),
    "forwardMessage": partial(one, _forward, "forward"),
    "forwardMessages": partial(many, _forward),
    "deleteMessage": delete,
    "deleteMessages": delete_many,
}
