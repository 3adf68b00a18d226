"""A job: an Incoming written down, so that nothing can lose it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.messages import Incoming


class State(StrEnum):
    """Where a job stands; the last three are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"
    DEAD = "dead"


class Wish(StrEnum):
    """How an answer that is made anew should differ.

    SHORT, FULL and BULLETS are lengths of a summary. The last ones say in which language the
    question was spoken; their values are its code.
    """

    SAME = "same"
    SHORT = "short"
    FULL = "full"
    BULLETS = "bullets"
    SHORTER = "shorter"
    LONGER = "longer"
    ENGLISH = "en"
    RUSSIAN = "ru"
    UKRAINIAN = "uk"

    @property
    def language(self) -> str:
        """The two-letter code of the language that was spoken, empty where that is not told."""
        return self.value if self in (Wish.ENGLISH, Wish.RUSSIAN, Wish.UKRAINIAN) else ""


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work in its lane.

    `answer` is the id of the answer that it writes: its own id, or that of an earlier job whose
    answer it makes anew. `attempts` counts the starts, this one included. `pool` names the places
    that it needs one of. `checkpoint` is what an earlier start has reached, and at the end what is
    kept of it, in its task's words.
    """

    id: int
    lane: str
    task: str
    payload: Incoming
    attempts: int
    answer: int
    wish: Wish = Wish.SAME
    pool: str = ""
    checkpoint: str = ""
