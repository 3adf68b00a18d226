"""The studio's door: what somebody wants made becomes a job, with what it will cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from domain.messages import VISIBLE, Incoming
from services.drawing.wishes import Fault, UnclearError, Wishes, read
from services.quota.terms import Terms
from storage.jobs import NewJob
from storage.quotas import Charge

SKILLS = {"draw": "image", "film": "video"}
"""The skill of each task that makes something, which is its pool and its quota, too."""

LONGEST = 60.0
"""Seconds of a film, whatever the owner allows: beyond that no graphics card would keep up."""


class Charging(Protocol):
    """Knows what everybody may use."""

    def charge(self, skill: str, seconds: float, person: int) -> Charge:
        """What a job is about to use, and within which limits."""

    def seconds(self, skill: str, person: int) -> float:
        """How long a person's film is where they do not say."""

    def terms(self, skill: str, person: int) -> Terms:
        """What a person may use; the longest film is among it."""


@dataclass(frozen=True, slots=True)
class Studio:
    """Takes orders; `offers` tells for each skill who has it.

    With `plain_requests` "draw me a cat" is an order as well as a command is.
    """

    offers: Mapping[str, Callable[[], Sequence[object]]]
    charging: Charging
    plain_requests: bool = False

    def takes(self, task: str) -> bool:
        """Whether such a task is one for the studio."""
        return task in SKILLS

    def order(self, task: str, said: Incoming, mark: str, *, answer: int | None = None) -> NewJob:
        """The job to be written down, or one that tells why it cannot be.

        Each has a lane of its own, told from others by its `mark`: nobody's chat waits for it.
        """
        lane = f"{said.place.lane}!{mark}"
        if not self.offers[SKILLS[task]]():
            return NewJob(f"nobody_to_{task}", "quick", said, lane=lane)
        try:
            wishes = self._clear(task, said)
        except UnclearError:
            return NewJob(f"unclear_{task}", "quick", said, lane=lane)
        charge = self.charging.charge(SKILLS[task], wishes.seconds, said.person.id)
        wanted = replace(said, text=wishes.text)
        return NewJob(task, SKILLS[task], wanted, lane=lane, answer=answer, charge=charge)

    def longest(self, person: int) -> float:
        """How long a person's film may be, in seconds."""
        told = self.charging.terms(SKILLS["film"], person).longest
        return LONGEST if told is None else min(told, LONGEST)

    def fault(self, task: str, said: Incoming) -> Fault:
        """What is unclear about it."""
        try:
            self._clear(task, said)
        except UnclearError as unclear:
            return unclear.fault
        return Fault.EMPTY

    def _clear(self, task: str, said: Incoming) -> Wishes:
        wishes = read(said.text)
        started = any(one.kind in VISIBLE for one in said.attachments)
        if not (wishes.prompt or started):
            raise UnclearError(Fault.EMPTY)
        if task != "film":
            return replace(wishes, seconds=0.0)
        if wishes.seconds > self.longest(said.person.id):
            raise UnclearError(Fault.SECONDS)
        usual = self.charging.seconds(SKILLS[task], said.person.id)
        return replace(wishes, seconds=wishes.seconds or usual)
