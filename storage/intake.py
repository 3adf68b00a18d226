"""New jobs are written down: each update once, and what belongs together joined.

A long paste and an album reach us as several messages. The first becomes a job that is held
for a moment; whatever joins it before it is due is added to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Incoming
from storage.acquaintance import remember
from storage.charging import book, decide
from storage.dialects import Upsert
from storage.drafts import Draft, NewJob
from storage.job_rows import QUEUED
from storage.quotas import Why
from storage.tables import heard, jobs, updates

__all__ = ["Added", "Arrivals", "NewJob", "add"]

_HELD = select(jobs.c.id, jobs.c.lane, jobs.c.join_key, jobs.c.payload, jobs.c.created_at).where(
    QUEUED,
    jobs.c.lane.in_(bindparam("lanes", expanding=True)),
    jobs.c.join_key != "",
    jobs.c.not_before > bindparam("now"),
    jobs.c.held_at <= bindparam("now"),
)
_NEW_UPDATES = Upsert(updates)
_NEW_JOBS = insert(jobs).returning(jobs.c.id)
_ALSO_HEARD = Upsert(heard)
_GROWN = (
    update(jobs)
    .where(jobs.c.id == bindparam("job"))
    .values(payload=bindparam("joined"), not_before=bindparam("until"), held_at=bindparam("since"))
)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a new job: the job it is now (0 if it was known before).

    One that was refused is the job that tells why.
    """

    job: int
    fresh: bool
    merged: bool
    refused: Why | None = None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What arrived together, and when."""

    entries: Sequence[NewJob]
    now: float


async def add(
    connection: AsyncConnection, batches: Sequence[Arrivals]
) -> Sequence[Sequence[Added]]:
    """Write all batches down; each answer has one Added an entry, in order."""
    entries = [entry for batch in batches for entry in batch.entries]
    unseen = await _unseen(connection, batches)
    open_drafts = await _held(connection, batches)
    fates = [[_place(one, batch.now, unseen, open_drafts) for one in batch.entries]
             for batch in batches]  # fmt: skip
    drafts = list({id(draft): draft for fate in fates for draft, _ in fate if draft}.values())
    await decide(connection, drafts)
    await _write(connection, drafts)
    await book(connection, drafts)
    said = [(entry.incoming, batch.now) for batch in batches for entry in batch.entries]
    await remember(connection, said, {_lane(e): e.incoming.place.chat for e in entries})
    return [[_told(draft, merged) for draft, merged in fate] for fate in fates]


def _told(draft: Draft | None, merged: bool) -> Added:
    if draft is None:
        return Added(0, fresh=False, merged=merged)
    why = draft.refused.why if draft.refused else None
    return Added(draft.id, fresh=True, merged=merged, refused=why)


async def _unseen(connection: AsyncConnection, batches: Sequence[Arrivals]) -> set[int]:
    rows = {
        entry.update: {"update_id": entry.update, "received_at": batch.now}
        for batch in batches
        for entry in batch.entries
        if entry.update is not None
    }
    if not rows:
        return set()
    statement = _NEW_UPDATES.on(connection).returning(updates.c.update_id)
    new = await connection.execute(statement, list(rows.values()))
    return set(new.scalars())


_Open = dict[tuple[str, str], Draft]


async def _held(connection: AsyncConnection, batches: Sequence[Arrivals]) -> _Open:
    """The jobs in the table that are still waiting for others to join."""
    known: _Open = {}
    for batch in batches:
        wanted = {_lane(one) for one in batch.entries if one.join}
        if not wanted:
            continue
        rows = await connection.execute(_HELD, {"lanes": sorted(wanted), "now": batch.now})
        for row in rows:
            said = Incoming.from_json(row.payload)
            entry = NewJob("", "", said, lane=row.lane, join=row.join_key)
            known.setdefault(
                (row.lane, row.join_key), Draft(entry, said, row.created_at, batch.now, row.id)
            )
    return known


def _lane(entry: NewJob) -> str:
    return entry.lane or entry.incoming.place.lane


def _place(
    entry: NewJob, now: float, unseen: set[int], open_drafts: _Open
) -> tuple[Draft | None, bool]:
    """Where an entry goes: nowhere if it is known, into an open draft, or into a new one."""
    if entry.update is not None:
        if entry.update not in unseen:
            return None, False
        unseen.remove(entry.update)
    key = (_lane(entry), entry.join)
    if entry.join and (draft := open_drafts.get(key)) is not None:
        draft.join(entry, now)
        return draft, True
    draft = Draft(entry, entry.incoming, now, now)
    if entry.join and entry.hold:
        open_drafts[key] = draft
    return draft, False


async def _write(connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    new = [draft for draft in drafts if not draft.id]
    grown = [
        {"job": one.id, "joined": one.incoming.to_json(), "until": one.until, "since": one.now}
        for one in drafts
        if one.id and one.grown
    ]
    if grown:
        await connection.execute(_GROWN, grown)
    if new:
        rows = [draft.row() for draft in new]
        ids = (await connection.execute(_NEW_JOBS, rows)).scalars()
        # Both databases count up in the order of the rows, but promise no order of the answer.
        for draft, number in zip(new, sorted(ids), strict=True):
            draft.id = number
    parts = [
        {"chat": draft.incoming.place.chat, "message": message, "job": draft.id}
        for draft in drafts
        for message in dict.fromkeys(draft.parts)
    ]
    if parts:
        await connection.execute(_ALSO_HEARD.on(connection), parts)
