"""What the bot says of itself: what it can do now, what waits, and what is down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.cards import Load
from services.chain import Standing
from services.counting import Counting
from services.turns import Side
from services.words import Voice
from storage.jobs import Jobs


class Standings(Protocol):
    """Whatever can tell how its backends stand."""

    def state(self) -> Sequence[Standing]:
        """How each backend stands, in the order of the configuration."""


class _Nobody:
    def state(self) -> Sequence[Standing]:
        return ()


NOBODY: Standings = _Nobody()
"""A skill that nobody has."""


@dataclass(frozen=True, slots=True)
class Report:
    """Tells people, administrators and machines how things are."""

    jobs: Jobs
    chat: Standings
    counting: Counting
    running: Callable[[], int]
    hear: Standings = NOBODY
    speak: Standings = NOBODY
    vision: Standings = NOBODY
    embed: Standings = NOBODY
    image: Standings = NOBODY
    video: Standings = NOBODY
    cards: Callable[[], Sequence[Load]] = tuple

    def anybody(self) -> bool:
        """Whether any backend is up."""
        return bool(self._up())

    def models(self) -> tuple[str, ...]:
        """The models that can be chosen, those of the first backend first."""
        listed = [name for one in self._up() for name in one.models]
        return tuple(dict.fromkeys(listed))

    def abilities(self, voice: Voice) -> str:
        """What can be done right now."""
        if not self._up():
            return voice("None of my models can be reached right now; see /status.")
        lines = [voice("I answer what you write, here or in a group when you mention me.")]
        if _up(self.vision):
            lines.append(voice("I look at photos and read documents."))
        else:
            lines.append(voice("I read documents."))
        if _up(self.hear):
            lines.append(voice("I listen to voice messages, recordings and videos."))
        if _up(self.speak):
            lines.append(voice("I can answer aloud: see /voice."))
        if _up(self.image):
            lines.append(voice("I draw pictures: /image"))
        if _up(self.video):
            lines.append(voice("I make short films: /video"))
        if self._only_demonstration():
            lines.append(self._about_demonstration(voice))
        return "\n".join(lines)

    async def status(self, voice: Voice) -> str:
        """The queue and the backends, for people."""
        waiting = sum((await self.jobs.waiting_by_pool()).values())
        lines = [self._queue(voice, waiting), "", *(self._line(voice, one) for one in self._all())]
        for title, skill in self._others(voice):
            listed = [_short_line(voice, one) for one in skill.state()]
            lines += ["", f"**{title}**", *listed] if listed else []
        for title, skill in self._elsewhere(voice):
            listed = [_bare_line(voice, one) for one in skill.state()]
            lines += ["", f"**{title}**", *listed] if listed else []
        lines += self._meaning(voice)
        busy = [said for one in self.cards() if (said := _card_line(voice, one))]
        lines += ["", *busy] if busy else []
        lines += ["", await self._today(voice)]
        if self._only_demonstration():
            lines += ["", self._about_demonstration(voice)]
        return "\n".join(lines)

    async def health(self) -> dict[str, object]:
        """The same for machines."""
        return {
            "ok": bool(self._up()),
            "running": self.running(),
            "waiting": await self.jobs.waiting_by_pool(),
            "chat": _healths(self.chat),
            "hear": _healths(self.hear),
            "speak": _healths(self.speak),
            "vision": _healths(self.vision),
            "embed": _healths(self.embed),
            "image": _healths(self.image),
            "video": _healths(self.video),
        }

    async def metrics(self) -> str:
        """The same for Prometheus."""
        lines = [f"hearthbot_jobs_running {self.running()}"]
        for pool, count in (await self.jobs.waiting_by_pool()).items():
            lines.append(f'hearthbot_jobs_waiting{{pool="{pool}"}} {count}')
        for skill in (self.chat, self.hear, self.speak, self.vision, self.embed):
            for one in skill.state():
                lines += _numbers(one)
        for skill in (self.image, self.video):
            lines += [_number(one, "up", one.health.up) for one in skill.state()]
        return "\n".join(lines) + "\n"

    def _others(self, voice: Voice) -> Sequence[tuple[str, Standings]]:
        return (
            (voice("Seeing"), self.vision),
            (voice("Hearing"), self.hear),
            (voice("Speaking"), self.speak),
        )

    def _elsewhere(self, voice: Voice) -> Sequence[tuple[str, Standings]]:
        """Those who are asked by another process: their places and counts are not known here."""
        return ((voice("Drawing"), self.image), (voice("Filming"), self.video))

    def _meaning(self, voice: Voice) -> Sequence[str]:
        """Who finds what words do not; few have one, and its name says what it is."""
        listed = [_short_line(voice, one) for one in self.embed.state()]
        return ["", *listed] if listed else []

    def _all(self) -> Sequence[Standing]:
        return self.chat.state()

    def _up(self) -> list[Standing]:
        return _up(self.chat)

    def _only_demonstration(self) -> bool:
        up = self._up()
        return bool(up) and all(one.demonstration for one in up)

    def _about_demonstration(self, voice: Voice) -> str:
        return voice(
            "This is the demonstration model: it is tiny and speaks English only. For a good one, "
            "install Ollama on this machine and run `ollama pull phi3.5:3.8b`; I will notice."
        )

    async def _today(self, voice: Voice) -> str:
        today = await self.counting.today()
        answers = voice.many("Today: {n} answer", "Today: {n} answers", today.answers)
        tokens = voice(
            "{read} tokens read, {written} written",
            read=today.tokens_read,
            written=today.tokens_written,
        )
        return f"{answers}, {tokens}."

    def _queue(self, voice: Voice, waiting: int) -> str:
        running = voice.many(
            "{n} answer is being written", "{n} answers are being written", self.running()
        )
        return f"{running}, " + voice.many("{n} question waits.", "{n} questions wait.", waiting)

    def _line(self, voice: Voice, one: Standing) -> str:
        if not one.health.up:
            return _short_line(voice, one)
        facts = [voice("{free} of {all} places free", free=one.free, all=one.slots)]
        if one.record.first_ms:
            seconds = f"{one.record.first_ms / 1000:.1f}"
            facts.append(voice("first word after {seconds} s", seconds=seconds))
        if one.record.per_second:
            facts.append(voice("{speed} words a second", speed=round(one.record.per_second)))
        return f"🟢 **{one.name}** — " + ", ".join(facts)


def _up(skill: Standings) -> list[Standing]:
    return [one for one in skill.state() if one.health.up]


def _healths(skill: Standings) -> dict[str, str]:
    return {one.name: one.health.reason or "up" for one in skill.state()}


def _short_line(voice: Voice, one: Standing) -> str:
    """How a backend stands whose speed says nothing to people."""
    if not one.health.up:
        since = _duration(voice, one.health.seconds)
        return f"🔴 **{one.name}** — " + voice("down for {time}; I keep trying", time=since)
    return f"🟢 **{one.name}** — " + voice(
        "{free} of {all} places free", free=one.free, all=one.slots
    )


def _bare_line(voice: Voice, one: Standing) -> str:
    """How a backend stands of which no more is known here."""
    return f"🟢 **{one.name}** — " + voice("ready") if one.health.up else _short_line(voice, one)


def _card_line(voice: Voice, one: Load) -> str:
    """What is waited for at a graphics card; nothing where nobody has to."""
    if one.holder is Side.HEAVY:
        return voice("{card}: a picture or a film is being made; answers may wait.", card=one.name)
    if one.waits and one.closed:
        return voice("{card}: pictures and films wait for the night.", card=one.name)
    if one.waits:
        return voice("{card}: people are being answered; pictures and films wait.", card=one.name)
    return ""


def _duration(voice: Voice, seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return voice.many("{n} second", "{n} seconds", max(1, round(seconds)))
    if minutes < 120:
        return voice.many("{n} minute", "{n} minutes", minutes)
    return voice.many("{n} hour", "{n} hours", round(minutes / 60))


def _numbers(one: Standing) -> list[str]:
    values: Mapping[str, float] = {
        "up": one.health.up,
        "places_free": one.free,
        "answers_total": one.record.answers,
        "failures_total": one.record.failures,
        "first_piece_milliseconds": round(one.record.first_ms, 1),
        "pieces_per_second": round(one.record.per_second, 1),
    }
    return [_number(one, what, value) for what, value in values.items()]


def _number(one: Standing, what: str, value: float) -> str:
    name = one.name.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'hearthbot_backend_{what}{{backend="{name}"}} {float(value):.15g}'
