"""Conversations: what was said in a lane since it last began anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.messages import Role
from storage.database import Database
from storage.dialects import Upsert
from storage.tables import lanes, turns


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a conversation, with the answer that it belongs to."""

    id: int
    role: Role
    text: str
    tokens: int
    answer: int


@dataclass(frozen=True, slots=True)
class History:
    """The current conversation of a lane: a summary of its beginning, then its lines.

    `document` is the id of the document that it is about, 0 for none.
    """

    conversation: int
    summary: str
    model: str
    lines: tuple[Line, ...] = ()
    document: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a conversation said up to and with one line."""

    lane: str
    conversation: int
    text: str
    up_to_turn: int


_EVERY = 2**62  # above every answer
_HISTORY = (
    select(
        *(lanes.c.conversation, lanes.c.summary, lanes.c.model, lanes.c.document),
        *(turns.c.id, turns.c.role, turns.c.text, turns.c.tokens, turns.c.answer),
    )
    .outerjoin_from(
        lanes,
        turns,
        and_(
            turns.c.lane == lanes.c.lane,
            turns.c.conversation == lanes.c.conversation,
            turns.c.id > lanes.c.summarised_to,
            turns.c.answer < bindparam("before"),
        ),
    )
    .where(lanes.c.lane == bindparam("lane"))
    .order_by(turns.c.answer, turns.c.id)
)
_MODEL = select(lanes.c.model).where(lanes.c.lane == bindparam("lane"))
_SUMMARISE = (
    update(lanes)
    .where(
        lanes.c.lane == bindparam("where"),
        lanes.c.conversation == bindparam("which"),
        lanes.c.summarised_to < bindparam("reached"),
    )
    .values(summary=bindparam("short"), summarised_to=bindparam("reached"))
)
_RENEW = Upsert(
    lanes,
    ("lane",),
    lambda _: {"conversation": lanes.c.conversation + 1, "summary": "", "summarised_to": 0},
)
_CHOOSE_MODEL = Upsert(lanes, ("lane",), lambda new: {"model": new.model})


class Conversations:
    """What models are told of what was said before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def history(self, lane: str, before_answer: int | None = None) -> History:
        """The current conversation beyond its summary, as it was before an answer."""
        before = _EVERY if before_answer is None else before_answer
        return await self._database.read(lambda c: _history(c, lane, before))

    async def renew(self, lane: str) -> None:
        """Begin anew: what was said before is not told to models again."""
        await self._database.write(_renew, lane)

    async def summarise(self, lane: str, conversation: int, text: str, up_to_turn: int) -> None:
        """Tell the beginning of a conversation in short; too late if it has begun anew."""
        await self._database.write(_summarise, Summary(lane, conversation, text, up_to_turn))

    async def choose_model(self, lane: str, model: str) -> None:
        """Remember the model that a lane wants; an empty name for none."""
        await self._database.write(_choose_model, (lane, model))

    async def model(self, lane: str) -> str:
        """The model that a lane wants, or an empty name."""
        return await self._database.read(lambda c: _model(c, lane))


async def _history(connection: AsyncConnection, lane: str, before: int) -> History:
    rows = (await connection.execute(_HISTORY, {"lane": lane, "before": before})).all()
    if not rows:
        return History(1, "", "")
    lines = tuple(
        Line(row.id, Role(row.role), row.text, row.tokens, row.answer)
        for row in rows
        if row.id is not None
    )
    first = rows[0]
    return History(first.conversation, first.summary, first.model, lines, first.document)


async def _model(connection: AsyncConnection, lane: str) -> str:
    return (await connection.execute(_MODEL, {"lane": lane})).scalar() or ""


async def _renew(connection: AsyncConnection, group: Sequence[str]) -> Sequence[None]:
    rows = [{"lane": lane, "conversation": 2} for lane in group]
    await connection.execute(_RENEW.on(connection), rows)
    return [None] * len(group)


async def _summarise(connection: AsyncConnection, group: Sequence[Summary]) -> Sequence[None]:
    rows = [
        {"where": s.lane, "which": s.conversation, "short": s.text, "reached": s.up_to_turn}
        for s in group
    ]
    await connection.execute(_SUMMARISE, rows)
    return [None] * len(group)


async def _choose_model(
    connection: AsyncConnection, group: Sequence[tuple[str, str]]
) -> Sequence[None]:
    rows = [{"lane": lane, "model": model} for lane, model in group]
    await connection.execute(_CHOOSE_MODEL.on(connection), rows)
    return [None] * len(group)
