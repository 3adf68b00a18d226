"""A job as a row, and a row as a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, func, text

from domain.jobs import Job, State, Wish
from domain.messages import Incoming
from storage.tables import jobs

Stored = Row[*tuple[Any, ...]]

# Spelled out, not bound: only so does SQLite see that its partial indexes fit.
LIVE = text("jobs.state IN ('queued', 'running')")
QUEUED = and_(LIVE, text("jobs.state = 'queued'"))
RUNNING = text("jobs.state = 'running'")

ANSWER = func.coalesce(jobs.c.answer, jobs.c.id).label("answer")
COLUMNS = (
    jobs.c.id,
    jobs.c.lane,
    jobs.c.task,
    jobs.c.payload,
    jobs.c.attempts,
    ANSWER,
    jobs.c.wish,
    jobs.c.pool,
    jobs.c.checkpoint,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A job and where it stands."""

    job: Job
    state: State
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Head:
    """A job that waits for a place, and how many run or are served before it."""

    job: Job
    before: int


def job_of(row: Stored) -> Job:
    """The job that a row with COLUMNS describes."""
    return Job(
        id=row.id,
        lane=row.lane,
        task=row.task,
        payload=Incoming.from_json(row.payload),
        attempts=row.attempts,
        answer=row.answer,
        wish=Wish(row.wish),
        pool=row.pool,
        checkpoint=row.checkpoint,
    )
