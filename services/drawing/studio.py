"""The studio's door: what somebody wants made becomes a job, with what it will cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from domain.messages import VISIBLE, Incoming
from services.drawing.wishes import Fault, UnclearError, Wishes, read
from storage.jobs import NewJob
from storage.quotas import Charge

SKILLS = {"draw": "image", "film": "video"}
"""The skill of each task that makes something, which is its pool and its quota, too."""


class Charging(Protocol):
    """Knows what everybody may use."""

    def charge(self, skill: str, seconds: float, person: int) -> Charge:
        """What a job is about to use, and within which limits."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a film is when nobody says, and at the most; in seconds."""

    usual: float = 4.0
    most: float = 6.0


@dataclass(frozen=True, slots=True)
class Studio:
    """Takes orders; `offers` tells for each skill who has it.

    With `plain_requests` "draw me a cat" is an order as well as a command is.
    """

    offers: Mapping[str, Callable[[], Sequence[object]]]
    charging: Charging
    lengths: Lengths = Lengths()
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
        if wishes.seconds > self.lengths.most:
            raise UnclearError(Fault.SECONDS)
        return replace(wishes, seconds=wishes.seconds or min(self.lengths.usual, self.lengths.most))
