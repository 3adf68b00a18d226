"""People in a playground: what they write, and what they get to see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

Record = dict[str, Any]

PATIENCE = 60.0
GLANCE = 0.05
"""Seconds between two looks: who looks all the time takes time from those who are measured."""


@dataclass(slots=True)
class Town:
    """All people of one playground; what happens is read once, in order."""

    http: aiohttp.ClientSession
    last: int = 0
    events: list[Record] = field(default_factory=list)
    _people: int = 100_000  # above the ids of all whom the playground knows from the start

    async def act(self, what: str, **fields: Any) -> Record:
        """Do what `/play/` offers."""
        async with self.http.post(f"/play/{what}", json=fields) as answer:
            done: Record = await answer.json()
            assert answer.status == 200, done
        return done

    async def look(self, what: str, **query: Any) -> Record:
        """Look at what `/play/` shows."""
        async with self.http.get(f"/play/{what}", params=query) as answer:
            seen: Record = await answer.json()
        return seen

    async def settle(self, many: int) -> list[int]:
        """Let people in, whom the bot has never met."""
        first = self._people + 1
        self._people += many
        people = list(range(first, first + many))
        for person in people:
            await self.act("users", id=person, first_name=f"Person {person}")
        return people

    async def say(self, person: int, text: str) -> Record:
        """Write to the bot; gives the message."""
        done = await self.act("send", user_id=person, chat_id=person, text=text)
        message: Record = done["message"]
        return message

    async def say_all(self, texts: Sequence[tuple[int, str]]) -> None:
        """Have many people write at the same moment."""
        wanted = [{"user_id": who, "chat_id": who, "text": text} for who, text in texts]
        await self.act("send_many", messages=wanted)

    async def until(
        self, enough: Callable[[list[Record]], bool], seconds: float = PATIENCE
    ) -> bool:
        """Watch until enough has happened; False if the time is over before."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    if enough(await self.news()):
                        return True
                    await asyncio.sleep(GLANCE)
        except TimeoutError:
            return False

    async def settled(self, enough: Callable[[list[Record]], bool], quiet: float) -> None:
        """Watch until enough has happened, or until nothing happens for so many seconds."""
        seen, since = -1, time.monotonic()
        while not enough(await self.news()):
            if len(self.events) != seen:
                seen, since = len(self.events), time.monotonic()
            elif time.monotonic() - since > quiet:
                return
            await asyncio.sleep(GLANCE)

    async def unheard(self) -> None:
        """Wait until nobody waits for updates any more."""
        while True:
            if not (await self.look("stats"))["polling_now"]:
                return
            await asyncio.sleep(GLANCE)

    async def news(self) -> list[Record]:
        """All that has happened since `forget`."""
        seen = await self.look("events", since=self.last, wait=0)
        self.events += seen["events"]
        self.last = seen["last"]
        return self.events

    async def forget(self) -> None:
        """Begin anew: what happened before is of no interest."""
        await self.news()
        self.events.clear()

    async def calls(self, since: int = 0) -> list[Record]:
        """The calls of the bot after a number, those aside that fetch updates."""
        listed: list[Record] = (await self.look("calls", since=since))["calls"]
        return listed


def finals(events: Sequence[Record]) -> dict[str, float]:
    """When each text of the bot was first there as a message, new or edited."""
    shown: dict[str, float] = {}
    for event in events:
        if event["type"] in ("message", "edit") and event["message"]["from"]["is_bot"]:
            shown.setdefault(event["message"].get("text", ""), event["at"])
    return shown


def questions(events: Sequence[Record]) -> dict[str, float]:
    """When each text of a person reached Telegram."""
    return {
        event["message"]["text"]: event["at"]
        for event in events
        if event["type"] == "message"
        and "text" in event["message"]
        and not event["message"]["from"]["is_bot"]
    }
