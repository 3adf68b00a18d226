"""Whatever is done to the queue, in whatever order, it does what its simplest model does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain.jobs import State
from storage.database import Database
from storage.jobs import Ending, Jobs
from storage.outbox import Outbox
from tests.storage.job_model import Queue, Thing
from tests.storage.workshop import Clock, Talk

T = TypeVar("T")

CHATS = st.sampled_from([-1, -2, 3])
PEOPLE = st.sampled_from([1, 2, 3])
POOLS = st.sampled_from(["text", "film"])
WORKERS = st.sampled_from(["w1", "w2"])

Outcome = tuple[float, bool] | None
"""How long a job is to wait and whether its start counted, or nothing if it is done."""

OUTCOMES: st.SearchStrategy[Outcome] = st.sampled_from(
    [None, None, (0.0, False), (30.0, True), (30.0, False)]
)


class QueueMachine(RuleBasedStateMachine):
    """People ask, workers work and die, clocks jump."""

    make_url: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.clock, self.talk, self.model = Clock(), Talk(), Queue()
        self.database = self.do(Database.open(self.make_url(), durable=False))
        self.jobs = Jobs(self.database, self.clock)
        self.ended: list[int] = []

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it in the machine's loop."""
        return self.runner.run(work)

    def teardown(self) -> None:
        """Let the queue run dry: everything ends once, in the order of its lane."""
        self.clock.now += 1_000_000
        for worker in ("w1", "w2"):
            assert self.model.recover(worker) == self.do(self.jobs.recover([worker]))
        while self.claim("w1", {"text": 2, "film": 2}):
            for job in self.model.running("w1"):
                self.end(job, "w1")
        assert 0 == self.do(self.jobs.unfinished())
        assert len(self.ended) == len(set(self.ended))
        rows = self.do(Outbox(self.database).waiting(10_000))
        assert sorted(self.ended) == sorted(row.answer for row in rows)
        self.do(self.database.close())
        self.runner.close()

    def claim(self, worker: str, wants: dict[str, int]) -> list[int]:
        """Claim, as the model says."""
        expected = self.model.claim(wants, worker, self.clock.now)
        claimed = self.do(self.jobs.claim(wants, worker))
        assert expected == [job.id for job in claimed]
        things = [self.model.things[job] for job in expected]
        assert [(one.task, one.pool, one.attempts, one.checkpoint) for one in things] == [
            (job.task, job.pool, job.attempts, job.checkpoint) for job in claimed
        ]
        return expected

    def end(self, job: int, worker: str) -> None:
        """End a job, as its worker or not."""
        thing = self.model.things[job]
        mine = thing.state is State.RUNNING and thing.worker == worker
        rows = self.do(self.jobs.finish(Ending(job, worker, State.DONE, bodies=["done"])))
        assert [job] * mine == [row.answer for row in rows]
        if mine:
            thing.state = State.DONE
            self.ended.append(job)

    def put_back(self, thing: Thing, worker: str, wait: float, counted: bool) -> None:
        """Put a job back, as its worker or not."""
        until = self.clock.now + wait
        self.do(self.jobs.put_back(thing.id, until, "later", worker=worker, count_attempt=counted))
        if thing.state is State.RUNNING and thing.worker == worker:
            thing.state, thing.worker = State.QUEUED, ""
            thing.not_before, thing.held_at = until, self.clock.now
            thing.attempts -= not counted

    def some(self, data: st.DataObject) -> Thing | None:
        """Some job that waits or runs; those that run are the more interesting ones."""
        live = self.model.live()
        running = [thing for thing in live if thing.state is State.RUNNING]
        return data.draw(st.sampled_from(running * len(live) + live)) if live else None

    @rule(said=st.lists(st.tuples(CHATS, PEOPLE, POOLS), min_size=1, max_size=4))
    def add(self, said: list[tuple[int, int, str]]) -> None:
        """Some people ask something in some chats."""
        entries = [
            self.talk.job(self.talk.says(chat=chat, person=person), pool=pool)
            for chat, person, pool in said
        ]
        for entry, added in zip(entries, self.do(self.jobs.add(entries)), strict=True):
            assert added.job not in self.model.things
            incoming = entry.incoming
            self.model.things[added.job] = Thing(
                added.job, incoming.place.lane, entry.pool, incoming.person.id
            )

    @rule(worker=WORKERS, text=st.integers(0, 3), film=st.integers(1, 2))
    def claims(self, worker: str, text: int, film: int) -> None:
        """A worker asks for as much as it has room for."""
        self.claim(worker, {"text": text, "film": film})

    @rule(data=st.data(), worker=WORKERS, outcome=OUTCOMES)
    def works(self, data: st.DataObject, worker: str, outcome: Outcome) -> None:
        """A worker that has nothing to do claims, then it ends or puts back some job."""
        if not self.model.running(worker):
            self.claim(worker, {"text": 1, "film": 1})
        if not (thing := self.some(data)):
            return
        if outcome is None:
            self.end(thing.id, worker)
        else:
            self.put_back(thing, worker, *outcome)

    @rule(data=st.data(), worker=WORKERS, pool=POOLS)
    def passes_on(self, data: st.DataObject, worker: str, pool: str) -> None:
        """A worker is done with one part of some job, its own or not."""
        if not (thing := self.some(data)):
            return
        said = self.talk.says(f"{thing.task}+")
        passed = self.do(
            self.jobs.pass_on(thing.id, worker, task=f"{thing.task}+", pool=pool, payload=said)
        )
        assert self.model.pass_on(thing.id, worker, f"{thing.task}+", pool) == passed

    @rule(data=st.data(), worker=WORKERS, reached=st.sampled_from(["half", "most"]))
    def saves(self, data: st.DataObject, worker: str, reached: str) -> None:
        """A worker notes what some job has reached, its own or not."""
        if thing := self.some(data):
            self.do(self.jobs.save(thing.id, worker, reached))
            self.model.save(thing.id, worker, reached)

    @rule(chat=CHATS, person=PEOPLE)
    def cancels(self, chat: int, person: int) -> None:
        """Somebody wants their things stopped."""
        running, dropped = self.model.cancel(str(chat), person)
        cancelled = self.do(self.jobs.cancel(str(chat), person))
        assert (tuple(running), tuple(dropped)) == (cancelled.running, cancelled.dropped)

    @rule(worker=WORKERS)
    def dies(self, worker: str) -> None:
        """A worker is no more."""
        assert self.model.recover(worker) == self.do(self.jobs.recover([worker]))

    @rule(jump=st.sampled_from([1.0, 40.0, -1.0, -3600.0]))
    def clock_jumps(self, jump: float) -> None:
        """Time passes, or is set back."""
        self.clock.now += jump

    @invariant()
    def counts_agree(self) -> None:
        """Nothing is lost and nothing is there twice."""
        live = self.model.live()
        assert len(live) == self.do(self.jobs.unfinished())
        workers = {one.worker for one in live if one.state is State.RUNNING}
        assert workers == self.do(self.jobs.running_workers())
        marked = [one.id for one in live if one.cancelled and one.worker == "w1"]
        assert marked == self.do(self.jobs.cancelled("w1"))


def run(make_url: Callable[[], str], examples: int) -> None:
    """Let hypothesis look for an order of events in which tables and model differ."""
    machine = type("Machine", (QueueMachine,), {"make_url": staticmethod(make_url)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_queue_does_what_its_model_does(make_sqlite_url: Callable[[], str]) -> None:
    """On SQLite, for many histories."""
    run(make_sqlite_url, 50)


@pytest.mark.postgres
def test_the_queue_does_so_on_a_server(make_postgres_url: Callable[[], str]) -> None:
    """On PostgreSQL, for fewer: they take longer."""
    run(make_postgres_url, 8)
