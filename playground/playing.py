"""The acts and looks of the playground's own interface, by name."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playground.errors import PlayError
from playground.gestures import Gestures
from playground.media import TITLES, content, store
from playground.params import Params
from playground.people import People
from playground.records import Record
from playground.telegram import Telegram


@dataclass(frozen=True, slots=True)
class Hands:
    """All by which a caller can act."""

    telegram: Telegram
    people: People
    gestures: Gestures


class Reader:
    """Numbers from the query of an address."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self._query = query

    def number(self, name: str) -> int | None:
        """Read a number that may be missing."""
        value = self._query.get(name, "")
        if not value:
            return None
        try:
            return int(value)
        except ValueError:
            raise PlayError(f"{name} has to be a number, not {value!r}.") from None


def _state(telegram: Telegram, _reader: Reader) -> Record:
    world = telegram.world
    return {
        "bot": world.me() | {"commands": telegram.profile.listed()},
        "users": list(world.users.values()),
        "chats": [chat.record() for chat in world.chats.values()],
        "last": world.events.last,
    }


def _messages(telegram: Telegram, reader: Reader) -> Record:
    chat = telegram.world.place(reader.number("chat_id"))
    limit = min(reader.number("limit") or 200, 1000)
    return {"messages": chat.latest(limit, reader.number("before"))}


def _calls(telegram: Telegram, reader: Reader) -> Record:
    return {"calls": telegram.calls.since(reader.number("since") or 0), "last": telegram.calls.last}


def _stats(telegram: Telegram, _reader: Reader) -> Record:
    methods: dict[str, dict[str, int]] = {}
    for (method, status), number in telegram.calls.counts.items():
        methods.setdefault(method, {})[str(status)] = number
    updates = telegram.world.updates
    now = time.monotonic()
    recently = updates.last_poll is not None and now - updates.last_poll < 3
    return {
        "methods": methods,
        "pending": len(updates),
        "now": now,
        "too_many": sum(n for (_, status), n in telegram.calls.counts.items() if status == 429),
        "bot_polling": updates.polled or recently or telegram.webhook.hook is not None,
        "polling_now": updates.polled,
        "last_event": telegram.world.events.last,
    }


def _options(telegram: Telegram, _reader: Reader) -> Record:
    return telegram.world.knobs.record()


def _send(hands: Hands, params: Params) -> Record:
    media = _media(hands.telegram, params)
    sent = hands.people.send(params.values, media)
    return {"message": sent[0], "messages": sent}


def _media(telegram: Telegram, params: Params) -> Record | None:
    kinds = [name for name in params.uploads if name in TITLES]
    if not params.uploads:
        return None
    if len(params.uploads) > 1 or not kinds:
        raise PlayError(f"A message takes one file, named one of {', '.join(TITLES)}.")
    kind = kinds[0]
    stored = store(telegram.files, kind, params.uploads[kind])
    return content(telegram.files, stored, params.values)


def _send_many(hands: Hands, params: Params) -> Record:
    wanted = params.listed("messages", "messages")
    return {"messages": [message for one in wanted for message in hands.people.send(one)]}


def _edit(hands: Hands, params: Params) -> Record:
    return {"message": hands.people.edit(params.values)}


def _stop(hands: Hands, params: Params) -> Record:
    act = hands.people.act(params.values)
    hands.telegram.drafts.stop(act.chat, params.integer("draft_id"))
    return {}


def _press(hands: Hands, params: Params) -> Record:
    return {"callback_query_id": hands.gestures.press(params.values)}


def _react(hands: Hands, params: Params) -> Record:
    hands.gestures.react(params.values)
    return {}


def _inline(hands: Hands, params: Params) -> Record:
    return {"inline_query_id": hands.gestures.inline(params.values)}


def _block(hands: Hands, params: Params) -> Record:
    hands.gestures.block(params.values, blocked=True)
    return {}


def _unblock(hands: Hands, params: Params) -> Record:
    hands.gestures.block(params.values, blocked=False)
    return {}


def _users(hands: Hands, params: Params) -> Record:
    name, language = params.text("first_name").strip(), params.text("language_code") or "en"
    if not name:
        raise PlayError("A person needs a first_name.")
    number, username = params.integer("id") or None, params.text("username") or None
    return {"user": hands.telegram.world.add_user(number, name, username, language)}


def _chats(hands: Hands, params: Params) -> Record:
    world, kind = hands.telegram.world, params.text("type")
    title, members = params.text("title").strip(), params.listed("members", "members")
    if kind not in ("group", "supergroup", "channel") or not title:
        raise PlayError("A chat needs a title and the type group, supergroup or channel.")
    for member in members:
        world.person(member)
    forum, number = params.flag("is_forum"), params.integer("id") or None
    return {"chat": world.add_chat(number, kind, title, members, forum=forum).record()}


def _turn(hands: Hands, params: Params) -> Record:
    values = {k: v for k, v in params.values.items() if k not in ("chat_id", "user_id")}
    hands.telegram.turn(hands.telegram.world.knobs.turned(values))
    return hands.telegram.world.knobs.record()


def _raw_update(hands: Hands, params: Params) -> Record:
    values = {k: v for k, v in params.values.items() if k not in ("chat_id", "user_id")}
    update = values.get("update", values)
    return {"update_id": hands.telegram.world.updates.put_raw(update)}


LOOKS: dict[str, Callable[[Telegram, Reader], Record]] = {
    "state": _state,
    "messages": _messages,
    "calls": _calls,
    "stats": _stats,
    "options": _options,
}
ACTIONS: dict[str, Callable[[Hands, Params], Record]] = {
    "send": _send,
    "send_many": _send_many,
    "edit": _edit,
    "stop": _stop,
    "press": _press,
    "react": _react,
    "inline": _inline,
    "block": _block,
    "unblock": _unblock,
    "users": _users,
    "chats": _chats,
    "options": _turn,
    "raw_update": _raw_update,
}
