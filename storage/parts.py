"""What an answer should look like is compared with the messages that it has.

Texts are parts from 0 on and are edited when an answer is made anew. Files have negative numbers,
so that they stand above the texts. What is written under one may change, the file never does: what
is no longer wanted is deleted, and what is new is sent under numbers of its own. Where new files
are all that is wanted, what they replace waits until they have arrived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.outbox_rows import COLUMNS, Delivery, Row, row_of
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Filed:
    """The body of a message with a file, which it mentions by its `ref`."""

    ref: str
    body: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The messages that an answer should have; with `after` they are sent at once."""

    answer: int
    chat: int
    topic: int | None
    bodies: Sequence[str | Filed]
    replace_parts: bool
    after: int | None
    now: float
    sender: str

    @property
    def state(self) -> Delivery:
        """How its rows leave the transaction."""
        return Delivery.WAITING if self.after is None else Delivery.SENDING


@dataclass(slots=True)
class _Changes:
    """What has to be written: new rows, rows to deliver, those of others, rows to forget."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    not_ours: list[Row] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


_PARTS = select(*COLUMNS).where(outbox.c.answer.in_(bindparam("answers", expanding=True)))
_CHANGE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        body=bindparam("content"),
        version=bindparam("number"),
        state=bindparam("stage"),
        after=bindparam("above"),
        attempts=bindparam("tries"),
        sender=bindparam("by"),
    )
)
_REMOVE = delete(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_NEW = insert(outbox).returning(*COLUMNS)


async def put_out(connection: AsyncConnection, wanted: Sequence[Wanted]) -> Mapping[int, list[Row]]:
    """Make the outbox say what is wanted; the rows to deliver, by answer, in order of parts."""
    answers = sorted({one.answer for one in wanted})
    stored = await connection.execute(_PARTS, {"answers": answers})
    parts: dict[int, dict[int, Row]] = {answer: {} for answer in answers}
    for row in map(row_of, stored):
        parts[row.answer][row.part] = row
    changes = _Changes()
    for one in wanted:
        _compare(changes, one, parts[one.answer])
    rows = changes.changed + await _write(connection, changes)
    delivered: dict[int, list[Row]] = {answer: [] for answer in answers}
    # What is there already is changed first: no edit waits until a file is uploaded.
    for row in sorted(rows, key=lambda row: (row.message is None, row.part)):
        delivered[row.answer].append(row)
    return delivered


def _compare(changes: _Changes, wanted: Wanted, parts: Mapping[int, Row]) -> None:
    files = {one.ref: one.body for one in wanted.bodies if isinstance(one, Filed)}
    there = {ref: number for ref in files if (number := _part_with(ref, parts)) is not None}
    texts = [body for body in wanted.bodies if isinstance(body, str)]
    _compare_files(changes, wanted, parts, files, there)
    for number, body in enumerate(texts):
        if number in parts:
            _change(changes, wanted, parts[number], body)
        else:
            changes.new.append(_new(wanted, number, body))
    if wanted.replace_parts:
        kept = {*range(len(texts)), *there.values()}
        afterwards = len(files) > len(there) and not texts
        for row in (row for number, row in parts.items() if number not in kept):
            _let_go(changes, wanted, row, afterwards=afterwards)


def _compare_files(
    changes: _Changes,
    wanted: Wanted,
    parts: Mapping[int, Row],
    files: Mapping[str, str],
    there: Mapping[str, int],
) -> None:
    """Add the files that the answer has not got; change what is written under the others."""
    fresh = [body for ref, body in files.items() if ref not in there]
    lowest = min([0, *parts])
    for number, body in enumerate(fresh, lowest - len(fresh)):
        changes.new.append(_new(wanted, number, body))
    for ref, number in there.items():
        if parts[number].body != files[ref]:
            _change(changes, wanted, parts[number], files[ref])


def _part_with(ref: str, parts: Mapping[int, Row]) -> int | None:
    with_it = (number for number, row in parts.items() if number < 0 and ref in (row.body or ""))
    return next(with_it, None)


def _change(changes: _Changes, wanted: Wanted, row: Row, body: str | None) -> None:
    changed = replace(row, body=body, version=row.version + 1)
    if row.in_doubt:
        # Sending it now could show it twice: whoever sends it sees the new version afterwards.
        changes.not_ours.append(changed)
    else:
        after = row.after if wanted.after is None else wanted.after
        changes.changed.append(
            replace(changed, state=wanted.state, after=after, attempts=0, sender=wanted.sender)
        )


def _let_go(changes: _Changes, wanted: Wanted, row: Row, *, afterwards: bool) -> None:
    if row.message is None and not row.in_doubt:
        changes.gone.append(row.id)
    elif afterwards and not row.in_doubt:
        # whoever finds it once the files have arrived deletes it
        later = replace(row, body=None, version=row.version + 1, state=Delivery.WAITING)
        changes.not_ours.append(later)
    else:
        _change(changes, wanted, row, None)


def _new(wanted: Wanted, part: int, body: str) -> dict[str, Any]:
    return {
        "answer": wanted.answer,
        "part": part,
        "chat": wanted.chat,
        "topic": wanted.topic,
        "body": body,
        "state": wanted.state.value,
        "after": wanted.after or 0,
        "created_at": wanted.now,
        "sender": wanted.sender,
    }


async def _write(connection: AsyncConnection, changes: _Changes) -> list[Row]:
    if changes.gone:
        await connection.execute(_REMOVE, {"ids": changes.gone})
    if changed := [_values(row) for row in changes.changed + changes.not_ours]:
        await connection.execute(_CHANGE, changed)
    if not changes.new:
        return []
    return [row_of(row) for row in await connection.execute(_NEW, changes.new)]


def _values(row: Row) -> dict[str, Any]:
    return {
        "row": row.id,
        "content": row.body,
        "number": row.version,
        "stage": row.state.value,
        "above": row.after,
        "tries": row.attempts,
        "by": row.sender,
    }
