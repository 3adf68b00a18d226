"""The parts that listen and speak, and what each is made of."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.settings import Config
from services.budget import Allowance, Budget
from services.categories import Rules
from services.chain import Chain
from services.files import Fetcher, Shelf, Workrooms
from services.hearing.ears import Ears
from services.hearing.guesses import Guesses
from services.hearing.tasks import Hear, Listening, Transcribe
from services.skills import Synthesizer, Transcriber, VoiceOffer
from services.sound.convert import Converter
from services.sound.ffmpeg import Ffmpeg
from services.speaking.sample import Sample
from services.speaking.speaking import Speaking
from services.tasks import Task
from services.tastes import Tastes
from services.voice_menu import VoiceMenu
from services.words import Words
from storage.chats import Chats
from storage.database import Database
from storage.jobs import Jobs
from storage.ledger import Ledger
from storage.people import People


@dataclass(frozen=True, slots=True)
class Base:
    """What they take from the other parts; `name` is what this process works under."""

    config: Config
    database: Database
    words: Words
    jobs: Jobs
    rules: Rules
    fetcher: Fetcher
    workrooms: Workrooms
    shelf: Shelf
    name: str
    arrived: Callable[[], None]


class VoiceParts:
    """Each is made of others when it is first asked for."""

    def __init__(self, base: Base, hear: Chain[Transcriber], speak: Chain[Synthesizer]) -> None:
        self.base = base
        self.hear = hear
        self.speak = speak

    @cached_property
    def tastes(self) -> Tastes:
        """What people want to hear."""
        return Tastes(People(self.base.database), Chats(self.base.database))

    @cached_property
    def guesses(self) -> Guesses:
        """The buttons for a language that was only guessed."""
        return Guesses(self.tastes)

    @cached_property
    def budget(self) -> Budget:
        """How much people may use."""
        quotas = self.base.config.quota
        allowances = {
            skill: Allowance(
                None if quota.minutes_per_day is None else quota.minutes_per_day * 60,
                quota.timezone,
            )
            for skill, quota in quotas.items()
        }
        return Budget(Ledger(self.base.database), allowances, time.time)

    @cached_property
    def speaking(self) -> Speaking:
        """Who reads answers aloud."""
        base, voice = self.base, self.base.config.voice
        return Speaking(
            self.speak,
            self.tastes,
            self.budget,
            base.workrooms,
            base.shelf,
            Ffmpeg(),
            base.words,
            voice.answer,
            voice.max_spoken_seconds,
        )

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The kinds of work that have to do with voices, by their names."""
        base = self.base
        listening = Listening(self._ears, base.words, self.tastes, self.guesses)
        menu = VoiceMenu(
            base.words,
            self.tastes,
            base.config.voice.answer,
            base.jobs,
            self._voices,
            base.arrived,
        )
        return {
            "hear": Hear(listening, base.rules),
            "transcribe": Transcribe(listening, base.words, base.workrooms, base.shelf),
            "sample": Sample(self.speaking, base.words),
            **menu.tasks(),
        }

    @property
    def _ears(self) -> Ears:
        base, minutes = self.base, self.base.config.voice.max_recording_minutes
        return Ears(
            self.hear,
            base.fetcher,
            base.workrooms,
            Converter(Ffmpeg(), minutes),
            base.jobs,
            self.budget,
            base.words,
            base.name,
            minutes * 60.0,
        )

    def _voices(self) -> Sequence[VoiceOffer]:
        up = (one for one in self.speak.state() if one.health.up)
        return [offer for one in up for offer in one.voices]
