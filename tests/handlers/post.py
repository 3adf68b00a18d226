"""The way of an update to its job: Telegram's JSON, the dispatcher, and a true intake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiogram import Bot
from aiogram.types import Update, User

from domain.jobs import Job
from handlers.routes import dispatcher
from services.access import Access
from services.categories import Rules
from services.intake import Intake, Patience
from services.people import Languages
from services.tastes import Tastes
from storage.chats import Chats
from storage.people import People
from tests.services.drawing.easel import studio
from tests.services.ground import Ground

Json = dict[str, Any]

ME = User(id=1000, is_bot=True, first_name="Hearthbot", username="hearthbot_bot")
ZOE: Json = {"id": 1, "is_bot": False, "first_name": "Zoe", "language_code": "uk"}
OURS: Json = {"id": ME.id, "is_bot": True, "first_name": "Hearthbot", "username": ME.username}
PRIVATE: Json = {"id": 1, "type": "private", "first_name": "Zoe"}
GROUP: Json = {"id": -5, "type": "group", "title": "Us"}
FORUM: Json = {"id": -1007, "type": "supergroup", "title": "We", "is_forum": True}
NOW = 1_000_000


@dataclass(slots=True)
class Post:
    """Feeds updates, each in a batch of its own."""

    ground: Ground
    bot: Bot = field(default_factory=lambda: Bot("1000:playground"))
    numbers: count[int] = field(default_factory=lambda: count(1))
    tastes: Tastes = field(init=False)

    def __post_init__(self) -> None:
        self.tastes = Tastes(People(self.ground.database), Chats(self.ground.database))

    async def feed(self, **update: Any) -> list[Job]:
        """The jobs that an update becomes."""
        before = len(await self.ground.every())
        intake = Intake(
            self.ground.jobs,
            Access(),
            Rules(),
            Languages(People(self.ground.database), frozenset({"en", "uk"})),
            self.tastes,
            Patience(),
            self.ground.clock,
            lambda: None,
            studio(),
        )
        batch, number = intake.batch(), next(self.numbers)
        raw = Update.model_validate({"update_id": number, **update}, context={"bot": self.bot})
        desk = batch.desk(number)
        await dispatcher().feed_update(self.bot, raw, intake=desk, me=ME, now=self.ground.clock())
        await batch.commit()
        return [one.job for one in (await self.ground.every())[before:]]

    async def message(self, chat: Mapping[str, Any] = PRIVATE, **fields: Any) -> list[Job]:
        """The jobs that a message becomes."""
        return await self.feed(message=message(next(self.numbers), chat, **fields))

    async def text(self, text: str, chat: Mapping[str, Any] = PRIVATE, **fields: Any) -> list[Job]:
        """The jobs that a text becomes; a command is marked as one, as clients do."""
        length = len(text.split(maxsplit=1)[0]) if text.startswith("/") else 0
        marks = [{"type": "bot_command", "offset": 0, "length": length}] if length else []
        return await self.message(chat, **{"text": text, "entities": marks, **fields})


def message(number: int, chat: Mapping[str, Any], **fields: Any) -> Json:
    """Zoe's message."""
    return {"message_id": number, "date": NOW, "chat": dict(chat), "from": ZOE, **fields}


def gist(jobs: list[Job]) -> list[tuple[str, str]]:
    """What is to be done, with which words."""
    return [(job.task, job.payload.text) for job in jobs]
