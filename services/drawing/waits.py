"""How long it takes: measured with each work, told to those who wait in line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.jobs import Job
from services.chain import Chain
from services.drawing.captions import duration
from services.drawing.making import Course
from services.drawing.wishes import UnclearError, read
from services.words import Voice
from storage.jobs import Head
from storage.paces import Paces

WORTH_TELLING = 5.0
"""Seconds; less is not worth a word."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Knows how long works of the same kind took; `chains` are those of the pools of its kind."""

    paces: Paces
    chains: Mapping[str, Chain[Any]]

    async def took(self, job: Job, course: Course) -> None:
        """Remember how long it took; what was taken up in the middle tells nothing."""
        if not course.taken_up:
            await self.paces.add(kind(job), course.took)

    async def note(self, head: Head, voice: Voice) -> str:
        """Where a job stands in line, and about how long it will take until it is done.

        Nothing for jobs of other pools.
        """
        if head.job.pool not in self.chains:
            return ""
        standing = self.chains[head.job.pool].state()
        if not any(one.health.up for one in standing):
            return voice("Nobody who can make this answers at the moment; I keep trying…")
        rounds = head.before // max(sum(one.slots for one in standing), 1) + 1
        seconds = rounds * (await self.paces.of(kind(head.job)) or 0.0)
        lines = [_place(head, voice)]
        if seconds >= WORTH_TELLING:
            lines.append(voice("Ready in about {time}.", time=duration(seconds, voice)))
        return "\n".join(lines)


def kind(job: Job) -> str:
    """What a work is, as far as the time is concerned that it takes."""
    try:
        wishes = read(job.payload.text)
    except UnclearError:
        return job.task
    return f"{job.task}:{wishes.style}:{wishes.seconds:g}:{wishes.larger:d}"


def _place(head: Head, voice: Voice) -> str:
    if not head.before:
        return voice("You are the next in line.")
    if head.job.task == "film":
        return voice.many(
            "In line: {n} clip is before yours.",
            "In line: {n} clips are before yours.",
            head.before,
        )
    return voice.many(
        "In line: {n} picture is before yours.",
        "In line: {n} pictures are before yours.",
        head.before,
    )
