"""Quotas in the simplest words: what the tables are held against."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.jobs import State
from storage.quotas import Charge, Used, Why


@dataclass(slots=True)
class Film:
    """A job that costs something, and where it and its entry stand."""

    id: int
    person: int
    charge: Charge
    state: State = State.QUEUED
    worker: str = ""
    kept: float | None = None  # the seconds that it came to
    refunded: bool = False

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {State.QUEUED, State.RUNNING}

    @property
    def used(self) -> Used:
        """What it counts for."""
        if self.refunded:
            return Used()
        return Used(1, self.charge.seconds if self.kept is None else self.kept)


@dataclass(slots=True)
class Studio:
    """All films, all that was granted on top, and the limits that are one person's alone."""

    films: dict[int, Film] = field(default_factory=dict)
    gifts: dict[int, tuple[int, str, Used]] = field(default_factory=dict)
    own: dict[int, int] = field(default_factory=dict)

    def used(self, person: int, days: str) -> Used:
        """What counts of the days that begin like this."""
        films = (one for one in self.films.values() if one.charge.day.startswith(days))
        mine = [one.used for one in films if one.person == person]
        given = [
            used for who, day, used in self.gifts.values() if who == person and day.startswith(days)
        ]
        return sum([*mine, *given], Used())

    def add(self, job: int, person: int, charge: Charge) -> Why | None:
        """Accept a film, or say why not."""
        if why := self._refusal(person, charge):
            return why
        self.films[job] = Film(job, person, charge)
        return None

    def _refusal(self, person: int, charge: Charge) -> Why | None:
        live = [one for one in self.films.values() if one.live]
        mine = [one for one in live if one.person == person]
        waiting = [one for one in mine if one.state is State.QUEUED]
        today, month = self.used(person, charge.day), self.used(person, charge.day[:7])
        amounts, crowd = charge.amounts, charge.crowd
        per_day = self.own.get(person, amounts.per_day)
        full = {
            Why.QUEUE: _over(crowd.queue, len(live) + 1),
            Why.WAITING: _over(crowd.waiting, len(waiting) + 1),
            Why.AT_ONCE: _over(crowd.at_once, len(mine) + 1),
            Why.PER_DAY: _over(per_day, today.units + 1),
            Why.PER_MONTH: _over(amounts.per_month, month.units + 1),
            Why.SECONDS_PER_DAY: _over(amounts.seconds_per_day, today.seconds + charge.seconds),
            Why.SECONDS_PER_MONTH: _over(amounts.seconds_per_month, month.seconds + charge.seconds),
        }
        return next((why for why, over in full.items() if over), None)

    def end(self, job: int, worker: str, spent: float | None) -> bool:
        """End a film, if it runs there."""
        film = self.films[job]
        if film.state is not State.RUNNING or film.worker != worker:
            return False
        film.state, film.worker = State.DONE, ""
        film.refunded = spent is None
        film.kept = None if spent is None else min(spent, film.charge.seconds)
        return True

    def drop(self, person: int | None) -> None:
        """Give back what waits, of one person or of all."""
        for film in self.films.values():
            if film.state is State.QUEUED and person in (None, film.person):
                film.state, film.refunded = State.DROPPED, True

    def queue_again(self, worker: str, job: int | None = None) -> None:
        """Let what a worker runs, or one of it, wait again."""
        for film in self.films.values():
            if film.state is State.RUNNING and film.worker == worker and job in (None, film.id):
                film.state, film.worker = State.QUEUED, ""


def _over(limit: float | None, wanted: float) -> bool:
    return limit is not None and wanted > limit
