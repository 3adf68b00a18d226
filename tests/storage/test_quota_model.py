"""Whatever is asked, made, stopped, granted and lowered, quotas hold as their model says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain.jobs import State
from storage.database import Database
from storage.jobs import Ending, Jobs
from storage.ledger import Ledger
from storage.quotas import Amounts, Charge, Crowd, Gift, Quotas, Used
from tests.storage.quota_model import Film, Studio
from tests.storage.studio import film
from tests.storage.workshop import Clock, Talk

T = TypeVar("T")

PEOPLE = st.sampled_from([1, 2])
WORKERS = st.sampled_from(["w1", "w2"])
DAYS = ("2026-01-30", "2026-01-31", "2026-02-01")
SECONDS = st.integers(0, 24).map(lambda quarters: quarters / 4)  # fractions that add up exactly
SOME = st.none() | st.integers(0, 6)

LIMITS = st.builds(
    Amounts,
    per_day=st.integers(0, 5),
    per_month=st.none() | st.integers(2, 8),
    seconds_per_day=st.none() | st.integers(0, 20),
    seconds_per_month=st.none() | st.integers(5, 30),
)
CROWDS = st.builds(
    Crowd, queue=st.none() | st.integers(1, 8), waiting=SOME, at_once=st.none() | st.integers(1, 6)
)


class QuotaMachine(RuleBasedStateMachine):
    """People ask, workers work and die, clocks jump, and owners change their minds."""

    make_url: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.url = self.make_url()
        self.clock, self.talk, self.model = Clock(), Talk(), Studio()
        self.amounts, self.crowd, self.day = Amounts(per_day=3), Crowd(), DAYS[1]
        self.gifts = count(1_000_000)
        self.open()

    def open(self) -> None:
        """Start the program."""
        self.database = self.do(Database.open(self.url, durable=False))
        self.jobs, self.quotas = Jobs(self.database, self.clock), Quotas(self.database, self.clock)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it in the machine's loop."""
        return self.runner.run(work)

    def teardown(self) -> None:
        """Close everything."""
        self.do(self.database.close())
        self.runner.close()

    def some(self, data: st.DataObject) -> Film | None:
        """Some film, above all one that is not over."""
        films = list(self.model.films.values())
        live = [one for one in films if one.live]
        return data.draw(st.sampled_from(live * 3 + films)) if films else None

    @rule(asked=st.lists(st.tuples(PEOPLE, SECONDS), min_size=1, max_size=5), twice=st.booleans())
    def asks(self, asked: list[tuple[int, float]], twice: bool) -> None:
        """Some want films at the same moment, and Telegram perhaps repeats itself."""
        entries = [
            film(
                self.talk,
                Charge("video", seconds, self.day, self.amounts, self.crowd),
                person=person,
                lane=str(next(self.gifts)),
            )
            for person, seconds in asked
        ]
        for entry, added in zip(entries, self.do(self.jobs.add(entries)), strict=True):
            assert entry.charge
            expected = self.model.add(added.job, entry.incoming.person.id, entry.charge)
            assert expected == added.refused
        if twice:
            assert {0} == {one.job for one in self.do(self.jobs.add(entries))}

    @rule(worker=WORKERS, room=st.integers(1, 3))
    def claims(self, worker: str, room: int) -> None:
        """A worker takes some."""
        for job in self.do(self.jobs.claim({"video": room}, worker)):
            found = self.model.films[job.id]
            assert found.state is State.QUEUED
            found.state, found.worker = State.RUNNING, worker

    @rule(data=st.data(), worker=WORKERS, spent=st.none() | SECONDS, times=st.integers(1, 2))
    def ends(self, data: st.DataObject, worker: str, spent: float | None, times: int) -> None:
        """A worker ends some film, its own or not, and perhaps says so twice."""
        if not (chosen := self.some(data)):
            return
        for _ in range(times):
            ending = Ending(chosen.id, worker, State.DONE, bodies=["done"], spent=spent)
            assert self.model.end(chosen.id, worker, spent) == bool(
                self.do(self.jobs.finish(ending))
            )

    @rule(data=st.data(), worker=WORKERS, counted=st.booleans())
    def puts_back(self, data: st.DataObject, worker: str, counted: bool) -> None:
        """A worker has some film wait again, its own or not."""
        if chosen := self.some(data):
            back = self.jobs.put_back(chosen.id, 0.0, "busy", worker=worker, count_attempt=counted)
            self.do(back)
            self.model.queue_again(worker, chosen.id)

    @rule(person=PEOPLE)
    def stops(self, person: int) -> None:
        """Somebody wants none of theirs any more."""
        mine = [one.id for one in self.model.films.values() if one.live and one.person == person]
        for job in mine:
            self.do(self.jobs.cancel_job(job, person))
        self.model.drop(person)

    @rule()
    def leaves(self) -> None:
        """Nobody reads in the chat any more."""
        self.do(self.jobs.drop(-5))
        self.model.drop(None)

    @rule(worker=WORKERS)
    def dies(self, worker: str) -> None:
        """A worker is no more; what it ran waits again, and all is swept."""
        self.do(self.jobs.recover([worker]))
        self.model.queue_again(worker)
        assert 0 == self.do(Ledger(self.database).release())

    @rule(person=PEOPLE, units=st.integers(0, 3), seconds=SECONDS, times=st.integers(1, 2))
    def grants(self, person: int, units: int, seconds: float, times: int) -> None:
        """An administrator gives somebody more, perhaps twice because of a crash."""
        job = next(self.gifts)
        for number in range(times):
            gift = Gift(person, -5, "video", self.day, units, seconds)
            assert (number == 0) == self.do(self.quotas.grant(gift, by=42, job=job))
        self.model.gifts[job] = (person, self.day, Used(-units, -seconds))

    @rule(person=PEOPLE, per_day=SOME)
    def sets_daily(self, person: int, per_day: int | None) -> None:
        """An administrator gives somebody a limit of their own, or none."""
        self.do(self.quotas.set_daily(person, "video", per_day, by=42))
        self.model.own.pop(person, None)
        if per_day is not None:
            self.model.own[person] = per_day

    @rule(amounts=LIMITS, crowd=CROWDS)
    def changes(self, amounts: Amounts, crowd: Crowd) -> None:
        """The owner raises or lowers limits."""
        self.amounts, self.crowd = amounts, crowd

    @rule(jump=st.sampled_from([1.0, 90_000.0, -90_000.0]), day=st.sampled_from(DAYS))
    def clock_jumps(self, jump: float, day: str) -> None:
        """Time passes, or is set back, and with it the day."""
        self.clock.now, self.day = self.clock.now + jump, day

    @rule()
    def restarts(self) -> None:
        """The program ends and begins again."""
        self.do(self.database.close())
        self.open()

    @rule()
    def rolls_up(self) -> None:
        """January becomes one line; no more can be asked of its days then."""
        self.day = DAYS[2]
        self.do(self.quotas.roll_up(self.day))
        for one in self.model.films.values():
            if not one.live:
                one.charge = _of_month(one.charge)
        self.model.gifts = {
            job: (who, _rolled(day), used) for job, (who, day, used) in self.model.gifts.items()
        }

    @invariant()
    def sums_agree(self) -> None:
        """Day by day and month by month, to the unit."""
        for person in (1, 2):
            for day in DAYS:
                standing = self.do(self.quotas.standing(person, "video", day))
                assert self.model.used(person, day) == standing.today
                assert self.model.used(person, day[:7]) == standing.month
                assert self.model.own.get(person) == standing.per_day


def _rolled(day: str) -> str:
    return day if day == DAYS[2] else day[:7]


def _of_month(charge: Charge) -> Charge:
    return Charge("video", charge.seconds, _rolled(charge.day), charge.amounts, charge.crowd)


def run(make_url: Callable[[], str], examples: int) -> None:
    """Let hypothesis look for an order of events in which tables and model differ."""
    machine = type("Machine", (QuotaMachine,), {"make_url": staticmethod(make_url)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_quotas_hold_as_their_model_says(make_sqlite_url: Callable[[], str]) -> None:
    """On SQLite, for many histories."""
    run(make_sqlite_url, 60)


@pytest.mark.postgres
def test_quotas_hold_so_on_a_server(make_postgres_url: Callable[[], str]) -> None:
    """On PostgreSQL, for fewer: they take longer."""
    run(make_postgres_url, 8)
