"""What all parts of the program stand on: the world outside, and the backends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from typing import Any

from aiogram import Bot
from aiogram.types import User

from bot.alive import Workers
from bot.delivery.pace import Pace
from bot.duties import EVERYTHING, Duty
from bot.settings import Config
from services.cards import Cards
from services.chain import Chain
from services.skills import (
    ChatModel,
    Embedder,
    ImageGenerator,
    Synthesizer,
    Transcriber,
    VideoGenerator,
    VisionModel,
)
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Ground:
    """What all parts stand on.

    `name` is what this process works and sends under, `duty` what it works on; commands and
    buttons are worked on only where somebody listens.
    """

    config: Config
    bot: Bot
    pace: Pace
    me: Callable[[], Awaitable[User]]
    caught_up: Callable[[], Awaitable[None]]
    database: Database
    name: str
    living: Workers
    cards: Cards
    duty: Duty = EVERYTHING


@dataclass(frozen=True, slots=True)
class Chains:
    """The backends of each skill."""

    chat: Chain[ChatModel]
    hear: Chain[Transcriber]
    speak: Chain[Synthesizer]
    vision: Chain[VisionModel]
    embed: Chain[Embedder]
    image: Chain[ImageGenerator]
    video: Chain[VideoGenerator]

    def all(self) -> dict[str, Chain[Any]]:
        """Each by its skill."""
        return {one.name: getattr(self, one.name) for one in fields(self)}
