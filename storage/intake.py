"""New jobs are written down: each update once, and what belongs together joined.

A long paste and an album reach us as several messages. The first becomes a job that is held
for a moment; whatever joins it before it is due is added to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State, Wish
from domain.messages import Incoming
from storage.acquaintance import remember
from storage.dialects import Upsert
from storage.job_rows import QUEUED
from storage.tables import heard, jobs, updates

LONGEST_HOLD = 5.0  # seconds after its creation, however much still joins

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
class NewJob:
    """Something to be done; `update` is Telegram's id of it, known once and never again.

    A job with `join` waits `hold` seconds for others with the same word in the same lane.
    """

    task: str
    pool: str
    incoming: Incoming
    update: int | None = None
    lane: str | None = None
    hold: float = 0.0
    join: str = ""
    answer: int | None = None
    wish: Wish = Wish.SAME


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a new job: the job it is now (0 if it was known before)."""

    job: int
    fresh: bool
    merged: bool


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What arrived together, and when."""

    entries: Sequence[NewJob]
    now: float


@dataclass(slots=True)
class _Draft:
    """A job that others may still join before it is written."""

    entry: NewJob
    incoming: Incoming
    created_at: float
    now: float
    id: int = 0
    grown: bool = False
    parts: list[int] = field(default_factory=list)

    @property
    def lane(self) -> str:
        return self.entry.lane or self.incoming.place.lane

    @property
    def until(self) -> float:
        """When it may be claimed; 0 is always, whatever happens to the clock."""
        if not self.entry.hold:
            return 0.0
        return min(self.now + self.entry.hold, self.created_at + LONGEST_HOLD)

    def join(self, entry: NewJob, now: float) -> None:
        self.incoming = joined(self.incoming, entry.incoming, entry.join)
        self.parts.append(entry.incoming.message)
        self.entry, self.now, self.grown = replace(self.entry, hold=entry.hold), now, True

    def row(self) -> dict[str, Any]:
        said, entry = self.incoming, self.entry
        return {
            "lane": self.lane,
            "pool": entry.pool,
            "task": entry.task,
            "person": said.person.id,
            "chat": said.place.chat,
            "topic": said.place.topic,
            "private": said.place.private,
            "message": said.message,
            "payload": said.to_json(),
            "state": State.QUEUED.value,
            "not_before": self.until,
            "held_at": self.now,
            "join_key": entry.join,
            "answer": entry.answer,
            "wish": entry.wish.value,
            "created_at": self.created_at,
        }


def joined(first: Incoming, second: Incoming, key: str) -> Incoming:
    """Two messages as one: the first's identity, both texts, all attachments."""
    gap = "\n" if key.startswith("album:") and first.text and second.text else ""
    return replace(
        first,
        text=first.text + gap + second.text,
        attachments=first.attachments + second.attachments,
    )


async def add(
    connection: AsyncConnection, batches: Sequence[Arrivals]
) -> Sequence[Sequence[Added]]:
    """Write all batches down; each answer has one Added an entry, in order."""
    entries = [entry for batch in batches for entry in batch.entries]
    unseen = await _unseen(connection, batches)
    open_drafts = await _held(connection, batches)
    fates = [[_place(one, batch.now, unseen, open_drafts) for one in batch.entries]
             for batch in batches]  # fmt: skip
    drafts = {id(draft): draft for fate in fates for draft, _ in fate if draft}
    await _write(connection, list(drafts.values()))
    said = [(entry.incoming, batch.now) for batch in batches for entry in batch.entries]
    await remember(connection, said, {_lane(e): e.incoming.place.chat for e in entries})
    return [[_told(draft, merged) for draft, merged in fate] for fate in fates]


def _told(draft: _Draft | None, merged: bool) -> Added:
    return Added(draft.id if draft else 0, fresh=draft is not None, merged=merged)


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


_Open = dict[tuple[str, str], _Draft]


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
                (row.lane, row.join_key), _Draft(entry, said, row.created_at, batch.now, row.id)
            )
    return known


def _lane(entry: NewJob) -> str:
    return entry.lane or entry.incoming.place.lane


def _place(
    entry: NewJob, now: float, unseen: set[int], open_drafts: _Open
) -> tuple[_Draft | None, bool]:
    """Where an entry goes: nowhere if it is known, into an open draft, or into a new one."""
    if entry.update is not None:
        if entry.update not in unseen:
            return None, False
        unseen.remove(entry.update)
    key = (_lane(entry), entry.join)
    if entry.join and (draft := open_drafts.get(key)) is not None:
        draft.join(entry, now)
        return draft, True
    draft = _Draft(entry, entry.incoming, now, now)
    if entry.join and entry.hold:
        open_drafts[key] = draft
    return draft, False


async def _write(connection: AsyncConnection, drafts: Sequence[_Draft]) -> None:
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
