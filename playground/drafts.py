"""Drafts: an answer that grows before it is sent, shown for half a minute and never stored."""

import asyncio
from dataclasses import dataclass

from playground.chats import Chat
from playground.errors import PlayError
from playground.records import Record
from playground.world import World

Place = tuple[int, int | None]
"""A chat and a topic in it; each holds at most one draft."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being shown now."""

    number: int
    can_stop: bool
    keep_on_stop: bool
    deadline: float


class Drafts:
    """The drafts of all chats, and when each of them fades."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._shown: dict[Place, Draft] = {}
        self._stopped: dict[Place, int] = {}
        self._timers: dict[Place, asyncio.TimerHandle] = {}

    def show(self, place: Place, number: int, content: Record, *, stop: bool, keep: bool) -> None:
        """Show a frame of a draft; one that its reader has stopped is not shown any more."""
        if self._stopped.get(place) == number:
            return
        old = self._shown.get(place)
        if old and old.number != number:
            self._end(place, "replaced")
        deadline = asyncio.get_running_loop().time() + self._world.knobs.draft_seconds
        self._shown[place] = Draft(number, stop, keep, deadline)
        if place not in self._timers:
            self._arm(place, deadline)
        self._publish(place, number, content | {"can_stop": stop, "keep_on_stop": keep})

    def _publish(self, place: Place, number: int, content: Record) -> None:
        chat, topic = place
        where = {"chat_id": chat} | ({"message_thread_id": topic} if topic else {})
        self._world.events.publish("draft", chat, **where, draft_id=number, **content)

    def replaced_by_message(self, place: Place) -> None:
        """Take the draft away, since a real message has come."""
        self._stopped.pop(place, None)
        self._end(place, "message")

    def stop(self, chat: Chat, number: int) -> None:
        """Let the reader press the stop button: the draft goes or freezes, and the bot is told."""
        place = next(
            (p for p, d in self._shown.items() if (p[0], d.number) == (chat.id, number)), None
        )
        if place is None or not self._shown[place].can_stop:
            raise PlayError(f"There is no draft {number} that can be stopped.", 404)
        self._stopped[place] = number
        if not self._shown[place].keep_on_stop:
            self._end(place, "stopped")
        update = {"chat": chat.brief, "draft_id": number}
        update |= {"message_thread_id": place[1]} if place[1] else {}
        self._world.updates.put("stopped_message_generation", update, chat.id)

    def _end(self, place: Place, reason: str) -> None:
        draft = self._shown.pop(place, None)
        if draft is None:
            return
        fields = {"chat_id": place[0], "draft_id": draft.number, "reason": reason}
        self._world.events.publish("draft_end", place[0], **fields)

    def _arm(self, place: Place, deadline: float) -> None:
        loop = asyncio.get_running_loop()
        self._timers[place] = loop.call_at(deadline, self._fade, place)

    def _fade(self, place: Place) -> None:
        del self._timers[place]
        draft = self._shown.get(place)
        if draft is None:
            return
        if draft.deadline > asyncio.get_running_loop().time():
            self._arm(place, draft.deadline)
        else:
            self._end(place, "expired")

    def close(self) -> None:
        """Stop all clocks."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
