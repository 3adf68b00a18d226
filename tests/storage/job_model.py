"""The queue in the simplest words: what the tables are held against."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.jobs import State


@dataclass(slots=True)
class Thing:
    """A job as the model sees it."""

    id: int
    lane: str
    pool: str
    person: int
    state: State = State.QUEUED
    not_before: float = 0.0
    held_at: float = 0.0
    worker: str = ""
    attempts: int = 0
    cancelled: bool = False
    task: str = "chat"
    checkpoint: str = ""

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {State.QUEUED, State.RUNNING}


@dataclass(slots=True)
class Queue:
    """All jobs, and the ticket of each person's last service."""

    things: dict[int, Thing] = field(default_factory=dict)
    tickets: dict[int, int] = field(default_factory=dict)
    last_ticket: int = 0

    def live(self) -> list[Thing]:
        """What waits or runs, oldest first."""
        return [thing for _, thing in sorted(self.things.items()) if thing.live]

    def running(self, worker: str) -> list[int]:
        """What a worker runs."""
        return [thing.id for thing in self.live() if thing.worker == worker]

    def claim(self, wants: dict[str, int], worker: str, now: float) -> list[int]:
        """Start what is next: the heads of the lanes, the person served least lately first."""
        ranked = []
        for pool, room in wants.items():
            ordered = sorted(self._ready(pool, now), key=lambda one: one[:3])
            ranked += [(rank, one[2]) for rank, one in enumerate(ordered[:room])]
        ids = [number for _, number in sorted(ranked)]
        for number in ids:
            self._start(self.things[number], worker)
        return ids

    def _ready(self, pool: str, now: float) -> list[tuple[int, int, int]]:
        """The heads that may start, as (the person's how-many-eth, their ticket, the job)."""
        seen: dict[int, int] = {}
        ready = []
        for thing in self._heads():
            due = thing.not_before <= now or thing.held_at > now
            if thing.state is State.QUEUED and thing.pool == pool and due:
                seen[thing.person] = seen.get(thing.person, 0) + 1
                ticket = self.tickets.get(thing.person, 0)
                ready.append((seen[thing.person], ticket, thing.id))
        return ready

    def _heads(self) -> list[Thing]:
        heads: dict[str, Thing] = {}
        for thing in self.live():
            heads.setdefault(thing.lane, thing)
        return sorted(heads.values(), key=lambda thing: thing.id)

    def _start(self, thing: Thing, worker: str) -> None:
        thing.state, thing.worker = State.RUNNING, worker
        thing.attempts += 1
        self.last_ticket += 1
        self.tickets[thing.person] = self.last_ticket

    def cancel(self, lane: str, person: int) -> tuple[list[int], list[int]]:
        """Mark what runs and drop what waits, of one person in one lane."""
        mine = [one for one in self.live() if (one.lane, one.person) == (lane, person)]
        running = [one for one in mine if one.state is State.RUNNING]
        waiting = [one for one in mine if one.state is State.QUEUED]
        for one in running:
            one.cancelled = True
        for one in waiting:
            one.state = State.DROPPED
        return [one.id for one in running], [one.id for one in waiting]

    def pass_on(self, job: int, worker: str, task: str, pool: str) -> bool:
        """Let a job go on as another, in its place and begun anew."""
        thing = self.things[job]
        if thing.state is not State.RUNNING or thing.worker != worker or thing.cancelled:
            return False
        thing.state, thing.worker, thing.task, thing.pool = State.QUEUED, "", task, pool
        thing.attempts, thing.checkpoint, thing.not_before = 0, "", 0.0
        return True

    def save(self, job: int, worker: str, checkpoint: str) -> None:
        """Note what a job has reached, if its worker says so."""
        thing = self.things[job]
        if thing.state is State.RUNNING and thing.worker == worker:
            thing.checkpoint = checkpoint

    def recover(self, worker: str) -> int:
        """Queue again what a worker ran."""
        ids = self.running(worker)
        for number in ids:
            thing = self.things[number]
            thing.state, thing.worker, thing.not_before = State.QUEUED, "", 0.0
        return len(ids)
