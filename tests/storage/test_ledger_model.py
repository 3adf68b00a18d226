"""Whatever is reserved, settled, given back and repeated, the ledger says what its model says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from storage.database import Database
from storage.ledger import Ledger, Reservation
from tests.storage.ledger_model import Book

T = TypeVar("T")

LIMIT = 20.0
PEOPLE, DAYS = (1, 2), ("2026-01-31", "2026-02-01")
SKILLS = ("hear", "speak")
AMOUNTS = st.integers(0, 48).map(lambda quarters: quarters / 4)  # fractions that add up exactly
JOBS = st.integers(1, 8)

RESERVATIONS = st.builds(
    Reservation,
    person=st.sampled_from(PEOPLE),
    chat=st.just(-5),
    skill=st.sampled_from(SKILLS),
    amount=AMOUNTS,
    job=JOBS,
    day=st.sampled_from(DAYS),
)


class LedgerMachine(RuleBasedStateMachine):
    """Jobs use skills, are cut short and repeated, and everything may come at once."""

    make_url: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.url = self.make_url()
        self.model = Book()
        self.open()

    def open(self) -> None:
        """Start the program."""
        self.database = self.do(Database.open(self.url, durable=False))
        self.ledger = Ledger(self.database)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run it in the machine's loop."""
        return self.runner.run(work)

    def teardown(self) -> None:
        """Close everything."""
        self.do(self.database.close())
        self.runner.close()

    async def together(self, asked: Sequence[Reservation]) -> list[bool]:
        """Reserve all at once, in this order."""
        verdicts = await asyncio.gather(*(self.ledger.reserve(one, LIMIT) for one in asked))
        return [one.granted for one in verdicts]

    @rule(asked=st.lists(RESERVATIONS, min_size=1, max_size=6), times=st.integers(1, 2))
    def reserves(self, asked: list[Reservation], times: int) -> None:
        """Some jobs want something at the same moment, and perhaps again after a crash."""
        for _ in range(times):
            expected = [self.model.reserve(one, LIMIT) for one in asked]
            assert expected == self.do(self.together(asked))

    @rule(job=JOBS, skill=st.sampled_from(SKILLS), amount=AMOUNTS, times=st.integers(1, 2))
    def settles(self, job: int, skill: str, amount: float, times: int) -> None:
        """Some job has used so much, and perhaps says so twice."""
        for _ in range(times):
            self.model.settle(job, skill, amount)
            self.do(self.ledger.settle(job, skill, amount))

    @rule(job=JOBS, skill=st.sampled_from(SKILLS), times=st.integers(1, 2))
    def refunds(self, job: int, skill: str, times: int) -> None:
        """Some job gives back what it has, and perhaps says so twice."""
        for _ in range(times):
            self.model.refund(job, skill)
            self.do(self.ledger.refund(job, skill, "refunded"))

    @rule()
    def restarts(self) -> None:
        """The program ends and begins again."""
        self.do(self.database.close())
        self.open()

    @invariant()
    def sums_agree(self) -> None:
        """Nothing is counted twice, nothing is forgotten, and no day is overrun."""
        for person in PEOPLE:
            for skill in SKILLS:
                days = {day: self.model.used(person, skill, day) for day in DAYS}
                found = self.do(self.ledger.by_day(person, skill, DAYS[0]))
                assert days == {day: found.get(day, 0.0) for day in DAYS}
                assert all(used <= LIMIT for used in days.values())


def run(make_url: Callable[[], str], examples: int) -> None:
    """Let hypothesis look for an order of events in which table and model differ."""
    machine = type("Machine", (LedgerMachine,), {"make_url": staticmethod(make_url)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_ledger_says_what_its_model_says(make_sqlite_url: Callable[[], str]) -> None:
    """On SQLite, for many histories."""
    run(make_sqlite_url, 40)


@pytest.mark.postgres
def test_the_ledger_says_so_on_a_server(make_postgres_url: Callable[[], str]) -> None:
    """On PostgreSQL, for fewer: they take longer."""
    run(make_postgres_url, 8)
