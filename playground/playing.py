"""The acts and looks of the playground's own interface, by name."""

import time
from collections.abc import Callable, Mapping

from playground.errors import PlayError
from playground.params import Params
from playground.people import People
from playground.records import Record
from playground.telegram import Telegram


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
        "bot": world.me(),
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
        "bot_polling": updates.polled or recently,
        "last_event": telegram.world.events.last,
    }


def _options(telegram: Telegram, _reader: Reader) -> Record:
    return telegram.world.knobs.record()


def _send(_telegram: Telegram, people: People, params: Params) -> Record:
    sent = people.send(params.values)
    return {"message": sent[0], "messages": sent}


def _send_many(_telegram: Telegram, people: People, params: Params) -> Record:
    wanted = params.listed("messages", "messages")
    return {"messages": [message for one in wanted for message in people.send(one)]}


def _edit(_telegram: Telegram, people: People, params: Params) -> Record:
    return {"message": people.edit(params.values)}


def _stop(telegram: Telegram, people: People, params: Params) -> Record:
    act = people.act(params.values)
    telegram.drafts.stop(act.chat, params.integer("draft_id"))
    return {}


def _turn(telegram: Telegram, _people: People, params: Params) -> Record:
    telegram.turn(telegram.world.knobs.turned(params.values))
    return telegram.world.knobs.record()


def _raw_update(telegram: Telegram, _people: People, params: Params) -> Record:
    return {"update_id": telegram.world.updates.put_raw(params.values)}


LOOKS: dict[str, Callable[[Telegram, Reader], Record]] = {
    "state": _state,
    "messages": _messages,
    "calls": _calls,
    "stats": _stats,
    "options": _options,
}
ACTIONS: dict[str, Callable[[Telegram, People, Params], Record]] = {
    "send": _send,
    "send_many": _send_many,
    "edit": _edit,
    "stop": _stop,
    "options": _turn,
    "raw_update": _raw_update,
}
