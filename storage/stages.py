"""A job that takes long: how far it has come, and what it becomes when one part is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, false, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from domain.messages import Incoming
from storage.job_rows import QUEUED, RUNNING
from storage.tables import jobs


@dataclass(frozen=True, slots=True)
class Reached:
    """What a running job has reached, for its next start to go on from."""

    job: int
    worker: str
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Passing:
    """A running job becomes another task in the same place of the line."""

    job: int
    worker: str
    task: str
    pool: str
    payload: Incoming


_SAVE = (
    update(jobs)
    .where(jobs.c.id == bindparam("job"), jobs.c.worker == bindparam("by"), RUNNING)
    .values(checkpoint=bindparam("reached"))
)
_PASS_ON = (
    update(jobs)
    .where(
        jobs.c.id == bindparam("job"),
        jobs.c.worker == bindparam("by"),
        jobs.c.cancelled == false(),
        RUNNING,
    )
    .values(
        task=bindparam("what"),
        pool=bindparam("where"),
        payload=bindparam("said"),
        state=State.QUEUED.value,
        worker="",
        attempts=0,
        checkpoint="",
        reason="",
        not_before=0.0,
        held_at=0.0,
        join_key="",  # what comes later has not been through the part that is done
    )
    .returning(jobs.c.id)
)
_WAITING = select(jobs.c.payload).where(QUEUED, jobs.c.id == bindparam("job"))
_SAY = update(jobs).where(jobs.c.id == bindparam("job")).values(payload=bindparam("said"))


async def save(connection: AsyncConnection, group: Sequence[Reached]) -> Sequence[None]:
    """Note what jobs have reached that still run under their worker."""
    rows = [{"job": one.job, "by": one.worker, "reached": one.checkpoint} for one in group]
    await connection.execute(_SAVE, rows)
    return [None] * len(group)


async def pass_on(connection: AsyncConnection, group: Sequence[Passing]) -> Sequence[bool]:
    """Queue each job as its next part, if it still runs under its worker and is wanted."""
    return [(await connection.execute(_PASS_ON, _row(one))).first() is not None for one in group]


def _row(one: Passing) -> dict[str, Any]:
    said = one.payload.to_json()
    return {"job": one.job, "by": one.worker, "what": one.task, "where": one.pool, "said": said}


async def reword(connection: AsyncConnection, group: Sequence[tuple[int, str]]) -> Sequence[bool]:
    """Say jobs that still wait in other words."""
    return [await _reword(connection, job, text) for job, text in group]


async def _reword(connection: AsyncConnection, job: int, text: str) -> bool:
    stored = (await connection.execute(_WAITING, {"job": job})).scalar()
    if stored is None:
        return False
    said = replace(Incoming.from_json(stored), text=text)
    await connection.execute(_SAY, {"job": job, "said": said.to_json()})
    return True
