"""The message in which an answer is shown while it is written: one program at a time has it.

Who has it is told by the version of its row: whoever takes it over counts that up, and so does
the end of the job. A frame of somebody who has it no more may still be on its way when the end
has been shown; so who finds out afterwards has the end shown once more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from storage.job_rows import ANSWER
from storage.outbox_rows import COLUMNS, Delivery, Row, row_of
from storage.tables import jobs, outbox


@dataclass(frozen=True, slots=True)
class Live:
    """The message that `sender` wants to show an answer in while it is written."""

    answer: int
    chat: int
    topic: int | None
    body: str
    after: int
    now: float
    sender: str


_JOB = (
    select(jobs.c.state, jobs.c.worker)
    .where(or_(jobs.c.id == bindparam("answer"), jobs.c.answer == bindparam("answer")))
    .order_by(jobs.c.id.desc())
    .limit(1)
)
_FIRST = select(*COLUMNS).where(outbox.c.answer == bindparam("answer"), outbox.c.part == 0)
_MAKE = insert(outbox).returning(*COLUMNS)
_TAKE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state=bindparam("stage"),
        after=bindparam("above"),
        sender=bindparam("by"),
        body=bindparam("content"),
        version=bindparam("number"),
    )
)
_HOLDS = select(
    exists().where(outbox.c.id == bindparam("row"), outbox.c.version == bindparam("number"))
)
_ROW = select(*COLUMNS).where(outbox.c.id == bindparam("row"))
_ANEW = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(version=outbox.c.version + 1, state=bindparam("stage"), body=bindparam("content"))
)
_DROPPED = (
    select(*COLUMNS)
    .join_from(jobs, outbox, outbox.c.answer == ANSWER.element)
    .where(jobs.c.id.in_(bindparam("ids", expanding=True)), outbox.c.part == 0)
)
_FORGET = delete(outbox).where(outbox.c.id == bindparam("row"))


async def open_live(connection: AsyncConnection, group: Sequence[Live]) -> Sequence[Row | None]:
    """Find or make the first part of each answer."""
    return [await _open(connection, one) for one in group]


async def _open(connection: AsyncConnection, live: Live) -> Row | None:
    if not await _may_show(connection, live):
        return None
    found = (await connection.execute(_FIRST, {"answer": live.answer})).first()
    if found is None:
        return await _make(connection, live)
    row = row_of(found)
    if row.message is None:
        return None if row.in_doubt else await _take(connection, row, live)
    if row.state in (Delivery.WAITING, Delivery.SENDING):
        return None  # what it should say already comes first
    return await _hand_over(connection, row, live)


async def _may_show(connection: AsyncConnection, live: Live) -> bool:
    """Whether the answer is still to come, and nobody else is at it."""
    job = (await connection.execute(_JOB, {"answer": live.answer})).first()
    if job is None or job.state == State.QUEUED.value:
        return True
    return bool(job.state == State.RUNNING.value and job.worker == live.sender)


async def _make(connection: AsyncConnection, live: Live) -> Row:
    values = {
        "answer": live.answer,
        "part": 0,
        "chat": live.chat,
        "topic": live.topic,
        "body": live.body,
        "state": Delivery.SENDING.value,
        "after": live.after,
        "created_at": live.now,
        "sender": live.sender,
    }
    return row_of((await connection.execute(_MAKE, values)).one())


async def _take(connection: AsyncConnection, row: Row, live: Live) -> Row:
    """Send what shows the work in the place of what was never sent."""
    sending = replace(row, state=Delivery.SENDING, body=live.body, after=live.after)
    return await _hand_over(connection, sending, live)


async def _hand_over(connection: AsyncConnection, row: Row, live: Live) -> Row:
    """From now on it is this one program's."""
    taken = replace(row, version=row.version + 1, sender=live.sender)
    values = {
        "row": taken.id,
        "stage": taken.state.value,
        "above": taken.after,
        "by": taken.sender,
        "content": taken.body,
        "number": taken.version,
    }
    await connection.execute(_TAKE, values)
    return taken


async def holds(connection: AsyncConnection, row: int, version: int) -> bool:
    """Whether nothing has happened to a row since it had this version."""
    return bool((await connection.execute(_HOLDS, {"row": row, "number": version})).scalar())


async def put_right(connection: AsyncConnection, group: Sequence[int]) -> Sequence[None]:
    """Show each row once more whose answer has come to its end."""
    for number in sorted(set(group)):
        found = (await connection.execute(_ROW, {"row": number})).first()
        if found is not None and await _has_ended(connection, row_of(found)):
            await _show_again(connection, row_of(found))
    return [None] * len(group)


async def _has_ended(connection: AsyncConnection, row: Row) -> bool:
    """Whether there is a message of an answer that nobody is at any more."""
    job = (await connection.execute(_JOB, {"answer": row.answer})).first()
    live = job is not None and job.state in (State.QUEUED.value, State.RUNNING.value)
    return row.message is not None and not live


async def clear(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Leave nothing behind of jobs that were dropped while they waited visibly.

    Their own messages go; an earlier answer that was to be made anew is shown again.
    """
    for row in map(row_of, (await connection.execute(_DROPPED, {"ids": ids})).all()):
        if row.answer in ids:
            await _take_away(connection, row)
        elif row.message is not None:
            await _show_again(connection, row)


async def _take_away(connection: AsyncConnection, row: Row) -> None:
    if row.message is None and not row.in_doubt:
        await connection.execute(_FORGET, {"row": row.id})
    else:
        await _show_again(connection, replace(row, body=None))


async def _show_again(connection: AsyncConnection, row: Row) -> None:
    """Have a row delivered once more; one that is on its way follows as an edit."""
    stage = row.state if row.state is Delivery.SENDING else Delivery.WAITING
    await connection.execute(_ANEW, {"row": row.id, "stage": stage.value, "content": row.body})
