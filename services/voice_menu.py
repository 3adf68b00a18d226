"""/voice and /transcribe: what each person wants to hear, and what each chat wants written down."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.answers import Button, Reply
from domain.jobs import Job
from services.commands import LANGUAGES
from services.skills import VoiceOffer
from services.tasks import Quick, Task
from services.tastes import Tastes
from services.words import Voice, Words, later
from storage.jobs import Jobs, NewJob
from storage.people import VoiceTaste

MODES = {
    "off": later("Never"),
    "when_spoken_to": later("When I speak"),
    "always": later("Always"),
}
SPEEDS = (0.8, 1.0, 1.25, 1.5)
MOST_VOICES = 6
"""How many voices are offered, so that the menu stays on one screen."""

BASIC = "espeak"
"""How voices are named that can be understood, and no more."""

Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class VoiceMenu:
    """A menu that stays where it is and shows what was chosen.

    `usual` is when the owner wants answers spoken, `voices` are those that there are now, and
    `arrived` is called when a sample was asked for.
    """

    words: Words
    tastes: Tastes
    usual: str
    jobs: Jobs
    voices: Callable[[], Sequence[VoiceOffer]]
    arrived: Callable[[], None]

    def tasks(self) -> dict[str, Task]:
        """Each by the name under which its jobs are written down."""
        acts = {"voice": self.show, "choose_voice": self.choose, "transcribing": self.transcribing}
        return {name: Quick(act) for name, act in acts.items()}

    async def show(self, job: Job) -> Reply:
        """Offer what can be chosen."""
        voice = self._voice(job)
        text = voice(
            "When shall I answer with my voice, how fast, and which language do you speak?"
        )
        return Reply(text, rows=tuple(self._rows(job, voice)))

    async def choose(self, job: Job) -> Reply:
        """Remember a choice, or have a sample spoken, and show the menu anew."""
        what, _, value = job.payload.text.partition(":")[2].partition(".")
        if what == "sample":
            entry = NewJob("sample", "speak", job.payload, lane=f"{job.lane}!")
            await self.jobs.add([entry])
            self.arrived()
        else:
            await self.tastes.choose(job.payload.person.id, self._changed(job, what, value))
        return await self.show(job)

    async def transcribing(self, job: Job) -> Reply:
        """Begin or cease to write down all that is said aloud in this chat."""
        chat, voice = job.payload.place.chat, self._voice(job)
        on = not self.tastes.transcribes(chat)
        await self.tastes.choose_transcribing(chat, on)
        if on:
            return Reply(
                voice(
                    "From now on I write down the voice messages here, without an answer. "
                    "/transcribe ends it."
                )
            )
        return Reply(voice("I no longer just write voice messages down."))

    def _changed(self, job: Job, what: str, value: str) -> VoiceTaste:
        """The person's taste with one choice more; what no button of ours says changes nothing."""
        taste = self.tastes.of(job.payload.person.id)
        if what == "mode" and value in MODES:
            return replace(taste, mode=value)
        if what == "speed" and value in map(str, SPEEDS):
            return replace(taste, speed=float(value))
        if what == "spoken" and value in ("", *LANGUAGES):
            return replace(taste, spoken=value)
        if what == "name":
            named = {_mark(one.name): one.name for one in self.voices()}
            return replace(taste, name=named.get(value, ""))
        return taste

    def _rows(self, job: Job, voice: Voice) -> Iterator[Row]:
        taste = self.tastes.of(job.payload.person.id)
        mode = taste.mode or self.usual
        yield tuple(_choice(voice(said), f"mode.{one}", one == mode) for one, said in MODES.items())
        speed = taste.speed or 1.0
        yield tuple(_choice(f"{one:g}×", f"speed.{one}", one == speed) for one in SPEEDS)
        spoken = {"": voice("Any language"), **LANGUAGES}
        languages = [
            _choice(name, f"spoken.{code}", code == taste.spoken) for code, name in spoken.items()
        ]
        yield tuple(languages[:2])
        yield tuple(languages[2:])
        yield from self._voices(job, taste, voice)
        yield (Button(voice("▶ Sample"), "voice:sample"),)

    def _voices(self, job: Job, taste: VoiceTaste, voice: Voice) -> Iterator[Row]:
        """The voices of the person's language, where there is a choice."""
        language = job.payload.person.language
        known = dict.fromkeys(one.name for one in self.voices() if one.language == language)
        if len(known) < 2:
            return
        yield (_choice(voice("Any voice"), "name.", taste.name not in known),)
        for name in list(known)[:MOST_VOICES]:
            label = voice("{name} (basic voice)", name=name) if name.startswith(BASIC) else name
            yield (_choice(label, f"name.{_mark(name)}", name == taste.name),)

    def _voice(self, job: Job) -> Voice:
        return self.words.speak(job.payload.person.language)


def _choice(label: str, act: str, chosen: bool) -> Button:
    return Button(f"✓ {label}" if chosen else label, f"voice:{act}")


def _mark(name: str) -> str:
    """A short name for a voice: the act of a button has only 64 bytes."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]
