"""The parts that listen and speak, and what each is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from bot.basics import Basics
from bot.grounds import Chains
from services.hearing.ears import Ears
from services.hearing.guesses import Guesses
from services.hearing.tasks import Hear, Listening, Transcribe
from services.skills import VoiceOffer
from services.sound.convert import Converter
from services.sound.ffmpeg import Ffmpeg
from services.speaking.sample import Sample
from services.speaking.speaking import Speaking
from services.tasks import Task
from services.voice_menu import VoiceMenu


class VoiceParts:
    """Each is made of others when it is first asked for."""

    def __init__(self, basics: Basics, chains: Chains, arrived: Callable[[], None]) -> None:
        self.basics = basics
        self.hear = chains.hear
        self.speak = chains.speak
        self.arrived = arrived

    @cached_property
    def guesses(self) -> Guesses:
        """The buttons for a language that was only guessed."""
        return Guesses(self.basics.tastes)

    @cached_property
    def speaking(self) -> Speaking:
        """Who reads answers aloud."""
        basics, voice = self.basics, self.basics.config.voice
        return Speaking(
            self.speak,
            self.basics.tastes,
            self.basics.budget,
            basics.workrooms,
            basics.shelf,
            Ffmpeg(),
            basics.words,
            voice.answer,
            voice.max_spoken_seconds,
        )

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The kinds of work that have to do with voices, by their names."""
        basics = self.basics
        listening = Listening(self._ears, basics.words, self.basics.tastes, self.guesses)
        menu = VoiceMenu(
            basics.words,
            self.basics.tastes,
            basics.config.voice.answer,
            basics.jobs,
            self._voices,
            self.arrived,
        )
        return {
            "hear": Hear(listening, basics.rules),
            "transcribe": Transcribe(listening, basics.words, basics.workrooms, basics.shelf),
            "sample": Sample(self.speaking, basics.words),
            **menu.tasks(),
        }

    @property
    def _ears(self) -> Ears:
        basics = self.basics
        minutes = basics.config.voice.max_recording_minutes
        return Ears(
            self.hear,
            basics.fetcher,
            basics.workrooms,
            Converter(Ffmpeg(), minutes),
            basics.jobs,
            self.basics.budget,
            basics.words,
            basics.name,
            minutes * 60.0,
        )

    def _voices(self) -> Sequence[VoiceOffer]:
        up = (one for one in self.speak.state() if one.health.up)
        return [offer for one in up for offer in one.voices]
