"""A job ends: its state, its answer and its lines of the conversation, all or nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from domain.messages import Role
from storage.dialects import Upsert
from storage.job_rows import ANSWER, Stored
from storage.outbox_rows import Row
from storage.parts import Filed, Wanted, put_out
from storage.reserving import Closing, Entry, close
from storage.tables import jobs, turns


@dataclass(frozen=True, slots=True)
class Said:
    """A line that the conversation gains."""

    role: Role
    text: str
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job that `worker` runs ends; `bodies` are its messages, one a part, files first.

    Parts that the answer had before and has no more are deleted, unless `replace_parts` is
    False. With `mark_sending_after` the rows are marked as being sent in the same transaction,
    so that they can be sent at once; it is the highest message id known there.

    What the job has still reserved is settled with the seconds that it `spent`, or given back
    where that is None. Its checkpoint becomes what is `kept` of it.
    """

    job: int
    worker: str
    state: State
    reason: str = ""
    bodies: Sequence[str | Filed] = ()
    turns: Sequence[Said] = ()
    replace_parts: bool = True
    mark_sending_after: int | None = None
    spent: float | None = None
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """An ending and its time."""

    ending: Ending
    now: float


_RUNNING = select(
    *(jobs.c.id, jobs.c.lane, jobs.c.chat, jobs.c.topic, jobs.c.message, jobs.c.conversation),
    *(jobs.c.worker, ANSWER),
).where(
    jobs.c.id.in_(bindparam("ids", expanding=True)),
    jobs.c.state == State.RUNNING.value,
)
_END = (
    update(jobs)
    .where(jobs.c.id == bindparam("job"))
    .values(
        state=bindparam("end"),
        reason=bindparam("why"),
        finished_at=bindparam("now"),
        checkpoint=bindparam("left"),
    )
)
_SAY = Upsert(
    turns,
    ("answer", "role"),
    lambda new: {"text": new.text, "message": new.message, "tokens": new.tokens},
)

_Ended = Sequence[tuple[Finish, Stored]]


async def finish(connection: AsyncConnection, group: Sequence[Finish]) -> Sequence[list[Row]]:
    """End each job that still runs under its worker; answers with the rows to deliver."""
    found = await connection.execute(_RUNNING, {"ids": [one.ending.job for one in group]})
    running = {(row.id, row.worker): row for row in found}
    # Taken out, so that a second ending of the same job finds it ended.
    rows_of = ((one, running.pop((one.ending.job, one.ending.worker), None)) for one in group)
    ended = [(one, row) for one, row in rows_of if row is not None]
    if not ended:
        return [[] for _ in group]
    await connection.execute(_END, [_end(one) for one, _ in ended])
    await close(connection, [_closing(one) for one, _ in ended])
    delivered = await put_out(connection, [_wanted(one, row) for one, row in ended])
    await _say(connection, ended)
    answer_of = {id(one): row.answer for one, row in ended}
    return [delivered.get(answer_of.get(id(one), 0), []) for one in group]


def _end(one: Finish) -> dict[str, Any]:
    ending = one.ending
    return {
        "job": ending.job,
        "end": ending.state.value,
        "why": ending.reason,
        "now": one.now,
        "left": ending.kept,
    }


def _closing(one: Finish) -> Closing:
    ending = one.ending
    reason = ending.reason or ending.state.value
    if ending.spent is None:
        return Closing(ending.job, None, Entry.REFUNDED, math.inf, reason, one.now)
    return Closing(ending.job, None, Entry.SETTLED, max(ending.spent, 0.0), reason, one.now)


def _wanted(one: Finish, row: Stored) -> Wanted:
    ending = one.ending
    return Wanted(
        answer=row.answer,
        chat=row.chat,
        topic=row.topic,
        bodies=ending.bodies,
        replace_parts=ending.replace_parts,
        after=ending.mark_sending_after,
        now=one.now,
        sender=ending.worker,
    )


async def _say(connection: AsyncConnection, ended: _Ended) -> None:
    lines = [
        {
            "lane": row.lane,
            "conversation": row.conversation,
            "answer": row.answer,
            "role": said.role.value,
            "text": said.text,
            "message": row.message if said.role is Role.USER else None,
            "tokens": said.tokens,
            "created_at": one.now,
        }
        for one, row in ended
        for said in one.ending.turns
    ]
    if lines:
        await connection.execute(_SAY.on(connection), lines)
