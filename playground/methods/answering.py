"""The bot answers buttons and inline queries, and reacts to messages."""

from typing import Any

from playground.errors import bad_request
from playground.methods.call import Method
from playground.params import Params
from playground.telegram import Telegram
from playground.text import units

_ALERT_LIMIT, _RESULT_LIMIT, _OFFSET_LIMIT = 200, 50, 64
EMOJI = frozenset((
    "👍", "👎", "❤", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮",
    "💩", "🙏", "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤\u200d🔥", "🌚", "🌭", "💯",
    "🤣", "⚡", "🍌", "🏆", "💔", "🤨", "😐", "🍓", "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓",
    "👻", "👨\u200d💻", "👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄",
    "☃", "💅", "🤪", "🗿", "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾",
    "🤷\u200d♂", "🤷", "🤷\u200d♀", "😡",
))  # fmt: skip
"""What a message can be reacted with."""


def answer_callback(telegram: Telegram, params: Params) -> bool:
    """Answer a pressed button."""
    text = params.text("text")
    if units(text) > _ALERT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    number = params.text("callback_query_id")
    query = telegram.queries.answer("callback", number)
    said = {"text": text} if text else {}
    said |= {"url": params.text("url")} if "url" in params else {}
    telegram.world.events.publish(
        "callback_answer",
        query.chat,
        chat_id=query.chat,
        callback_query_id=number,
        show_alert=params.flag("show_alert"),
        **said,
    )
    return True


def answer_inline(telegram: Telegram, params: Params) -> bool:
    """Answer an inline query with results to choose from."""
    results = params.listed("results", "InlineQueryResult")
    if len(results) > _RESULT_LIMIT:
        raise bad_request("RESULTS_TOO_MUCH")
    if len(params.text("next_offset").encode()) > _OFFSET_LIMIT:
        raise bad_request("NEXT_OFFSET_INVALID")
    ids = [_result_id(result) for result in results]
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    number = params.text("inline_query_id")
    telegram.queries.answer("inline", number)
    telegram.world.events.publish("inline_results", None, inline_query_id=number, results=results)
    return True


def _result_id(result: Any) -> str:
    number = str(result.get("id") or "") if isinstance(result, dict) else ""
    if not 0 < len(number.encode()) <= _OFFSET_LIMIT:
        raise bad_request("RESULT_ID_INVALID")
    return number


def react(telegram: Telegram, params: Params) -> bool:
    """Put the bot's reaction on a message, or take it off."""
    chat = telegram.world.target(params.text("chat_id"))
    number = params.integer("message_id")
    if number not in chat.messages:
        raise bad_request("message to react not found")
    reactions = params.listed("reaction", "ReactionType")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(not _allowed(reaction) for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    telegram.posting.react(chat, number, telegram.world.bot, reactions)
    return True


def _allowed(reaction: Any) -> bool:
    return isinstance(reaction, dict) and (
        reaction.get("type") == "custom_emoji" or plain(reaction.get("emoji")) in EMOJI
    )


def plain(emoji: object) -> str:
    """Take off the mark that asks for a coloured picture."""
    return str(emoji).replace("\ufe0f", "")


METHODS: dict[str, Method] = {
    "answerCallbackQuery": answer_callback,
    "answerInlineQuery": answer_inline,
    "setMessageReaction": react,
}
